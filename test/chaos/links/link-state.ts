/** What a link does to what goes over it. */
export type LinkState =
  | { readonly kind: "whole" }
  /** Connections are reset, and so is every new one. */
  | { readonly kind: "cut" }
  /** Sockets stay, and are accepted; what is sent vanishes, and neither side learns that the other has gone. */
  | { readonly kind: "half-open"; readonly direction: Direction }
  /** What is sent waits until the link is mended, and then arrives all at once. */
  | { readonly kind: "stalled"; readonly direction: Direction }
  | { readonly kind: "slow"; readonly delayMs: number };

export type Direction = "both" | "to-server" | "to-client";

export const WHOLE: LinkState = { kind: "whole" };

/** What has happened on a link so far: the evidence that a fault was one. */
export interface LinkCounters {
  accepted: number;
  reset: number;
  bytesPassed: number;
  bytesLost: number;
  bytesLate: number;
}

export const noCounts = (): LinkCounters => ({ accepted: 0, reset: 0, bytesPassed: 0, bytesLost: 0, bytesLate: 0 });

/** What is done with the bytes of one direction. */
export type Treatment =
  | { readonly kind: "pass" }
  | { readonly kind: "lose" }
  | { readonly kind: "hold" }
  | { readonly kind: "late"; readonly delayMs: number };

export function treatmentOf(state: LinkState, direction: Exclude<Direction, "both">): Treatment {
  if (state.kind === "slow") return { kind: "late", delayMs: state.delayMs };
  if (state.kind !== "half-open" && state.kind !== "stalled") return { kind: "pass" };
  if (state.direction !== "both" && state.direction !== direction) return { kind: "pass" };
  return { kind: state.kind === "half-open" ? "lose" : "hold" };
}
