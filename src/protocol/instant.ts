/**
 * A moment, on both clocks of this process, in milliseconds.
 *
 * The monotonic clock may stand still while a machine sleeps; the wall clock may be set back. Rule 12 takes the larger elapsed
 * time where being old is the danger (proofs, entries) and the smaller where being over is (windows).
 */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** The most time that can have passed: for the age of a proof or an entry. */
export function ageMs(since: Instant, now: Instant): number {
  return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
}

/** The time that has surely passed: for the age of a window. */
export function surelyElapsedMs(since: Instant, now: Instant): number {
  return Math.min(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
}
