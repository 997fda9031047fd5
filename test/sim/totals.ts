import type { Outcome } from "./simulate.ts";
import { addTally, createTally, type Tally } from "./tally.ts";

/** A seed whose schedule broke something. */
export interface Failure {
  readonly seed: number;
  readonly violation: string;
}

/** What came of many schedules. */
export interface Totals {
  schedules: number;
  events: number;
  virtualMs: number;
  answers: number;
  /** Of these, how many had something to be held against. */
  judged: number;
  hits: number;
  acknowledged: number;
  readonly failures: Failure[];
  readonly tally: Tally;
}

export function createTotals(): Totals {
  const counts = { schedules: 0, events: 0, virtualMs: 0, answers: 0, judged: 0, hits: 0, acknowledged: 0 };
  return { ...counts, failures: [], tally: createTally() };
}

export function addOutcome(totals: Totals, seed: number, outcome: Outcome): void {
  addCounts(totals, { ...outcome, schedules: 1 });
  addTally(totals.tally, outcome.tally);
  if (outcome.violation !== undefined) totals.failures.push({ seed, violation: outcome.violation });
}

export function addTotals(sum: Totals, more: Totals): void {
  addCounts(sum, more);
  addTally(sum.tally, more.tally);
  sum.failures.push(...more.failures);
}

function addCounts(sum: Totals, more: Pick<Totals, (typeof COUNTS)[number]>): void {
  for (const name of COUNTS) sum[name] += more[name];
}

const COUNTS = ["schedules", "events", "virtualMs", "answers", "judged", "hits", "acknowledged"] as const;
