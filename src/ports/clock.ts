import type { Instant } from "../protocol/instant.ts";

/** Time, as the engine is given it: real, or virtual in tests and in the simulator. */
export interface Clock {
  now(): Instant;
  /**
   * Calls `run` once, `delayMs` from now, unless cancelled. A real timer keeps the process alive only if asked to: where a caller awaits it,
   * not where the work is in the background.
   */
  after(delayMs: number, run: () => void, options?: { readonly keepsAlive: boolean }): Timer;
}

export interface Timer {
  cancel(): void;
}
