import type { Outcome } from "../judge/history.ts";
import type { Source } from "./exchange.ts";

/** What clients saw in one second. */
export interface Second {
  readonly reads: Record<Source, number>;
  readonly writes: Record<Outcome, number>;
  readErrors: number;
  /** Reads that named the position of a write; they are among the others, too. */
  sessions: number;
  /** Of hits that were not labelled. */
  oldestAgeS: number;
}

/** Counts what clients saw, second by second. */
export interface Tally {
  now(): Second;
  readonly seconds: readonly (readonly [number, Second])[];
  total(): Second;
}

export function createTally(nowMs: () => number): Tally {
  const seconds = new Map<number, Second>();
  return {
    now: () => {
      const second = Math.floor(nowMs() / 1000);
      const known = seconds.get(second) ?? nothing();
      seconds.set(second, known);
      return known;
    },
    get seconds() {
      return [...seconds].sort(([a], [b]) => a - b);
    },
    total: () => [...seconds.values()].reduce(sum, nothing()),
  };
}

const nothing = (): Second => ({
  reads: { hit: 0, load: 0, strong: 0, labelled: 0 },
  writes: { acked: 0, unannounced: 0, undecided: 0, lost: 0, refused: 0, unmet: 0 },
  readErrors: 0,
  sessions: 0,
  oldestAgeS: 0,
});

function sum(a: Second, b: Second): Second {
  return {
    reads: added(a.reads, b.reads),
    writes: added(a.writes, b.writes),
    readErrors: a.readErrors + b.readErrors,
    sessions: a.sessions + b.sessions,
    oldestAgeS: Math.max(a.oldestAgeS, b.oldestAgeS),
  };
}

function added<K extends string>(a: Record<K, number>, b: Record<K, number>): Record<K, number> {
  const total = { ...a };
  for (const name in total) total[name] += b[name];
  return total;
}
