/** How the world that the engine runs in breaks what SPEC.md assumes, to see whether the simulator condemns that. */
export type Broken =
  /** Against A2. */
  | "strong reads ask one replica"
  /** Against A3. */
  | "refused writes land"
  /** Against A2: and they are taken from every replica. */
  | "acknowledged writes are forgotten"
  /** Against A1. */
  | "acknowledged messages are not stored"
  /** Against A4. */
  | "no clock counts sleep";
