/** What clients saw in one second. */
export interface Second {
  hits: number;
  misses: number;
  bypasses: number;
  labelled: number;
  readErrors: number;
  writes: number;
  writeErrors: number;
  oldestAgeS: number;
}

/** Counts what clients saw, second by second. */
export interface Tally {
  now(): Second;
  /** The seconds from here to there, summed over runs of equal character, as table rows. */
  rows(): readonly (readonly [number, Second])[];
  total(): Second;
}

const empty = (): Second => ({
  hits: 0,
  misses: 0,
  bypasses: 0,
  labelled: 0,
  readErrors: 0,
  writes: 0,
  writeErrors: 0,
  oldestAgeS: 0,
});

export function createTally(nowMs: () => number): Tally {
  const seconds = new Map<number, Second>();
  return {
    now: () => {
      const second = Math.floor(nowMs() / 1000);
      const known = seconds.get(second);
      if (known !== undefined) return known;
      const fresh = empty();
      seconds.set(second, fresh);
      return fresh;
    },
    rows: () => [...seconds].sort(([a], [b]) => a - b),
    total: () => {
      const sum = empty();
      for (const second of seconds.values()) {
        sum.hits += second.hits;
        sum.misses += second.misses;
        sum.bypasses += second.bypasses;
        sum.labelled += second.labelled;
        sum.readErrors += second.readErrors;
        sum.writes += second.writes;
        sum.writeErrors += second.writeErrors;
        sum.oldestAgeS = Math.max(sum.oldestAgeS, second.oldestAgeS);
      }
      return sum;
    },
  };
}
