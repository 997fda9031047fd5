/** How long and how many tombstones are kept. */
export interface TombstoneLimits {
  /** As Cassandra's `gc_grace_seconds`: how late a write may come and still be hidden by a later delete. */
  readonly graceMs: number;
  /** Where there are more, the grace is cut short. */
  readonly max: number;
}

/** Forgets what was deleted or expired by `cutSec`; returns how much that is dead by `nowSec` is left. */
type Sweep = (cutSec: number, nowSec: number) => number;

/**
 * Decides when deleted and expired cells are forgotten. A sweep looks at everything, so it waits until as much may have
 * gathered as makes it worth it: no timer runs, and what is kept stays below one and a half times the limit.
 */
export class Tombstones {
  readonly #limits: TombstoneLimits;
  #gathered = 0;
  #sweepAt: number;

  constructor(limits: TombstoneLimits) {
    this.#limits = limits;
    this.#sweepAt = limits.max / 2;
  }

  /** Call after writes that may have left so many tombstones, now or once they expire. */
  gather(count: number, nowSec: number, sweep: Sweep): void {
    this.#gathered += count;
    if (this.#gathered <= this.#sweepAt) return;
    const kept = this.#keepWithinLimits(nowSec, sweep);
    this.#gathered = kept;
    this.#sweepAt = kept + this.#limits.max / 2;
  }

  #keepWithinLimits(nowSec: number, sweep: Sweep): number {
    let graceSec = Math.floor(this.#limits.graceMs / 1000);
    let kept = sweep(nowSec - graceSec, nowSec);
    while (kept > this.#limits.max && graceSec > 0) {
      graceSec = Math.floor(graceSec / 8);
      kept = sweep(nowSec - graceSec, nowSec);
    }
    return kept;
  }
}
