import { ALL_FAULTS, type Fault } from "./faults.ts";
import { PATHS, type Path } from "./paths.ts";

export type Counted = Fault | Path;

/** How often each fault happened and each path was taken. */
export type Tally = Record<string, number>;

export function createTally(): Tally {
  return Object.fromEntries([...ALL_FAULTS, ...PATHS].map((name) => [name, 0]));
}

export function count(tally: Tally, what: Counted, times: number): void {
  tally[what] = (tally[what] ?? 0) + times;
}

export function addTally(sum: Tally, more: Tally): void {
  for (const [what, times] of Object.entries(more)) sum[what] = (sum[what] ?? 0) + times;
}

/** Faults and paths that never were. */
export const never = (tally: Tally): readonly string[] => Object.keys(tally).filter((what) => tally[what] === 0);
