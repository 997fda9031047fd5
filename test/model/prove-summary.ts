import type { Result } from "./check.ts";
import { isProven, type Proof } from "./proofs.ts";

export interface Proven {
  readonly proof: Proof;
  readonly result: Result;
}

/** The names of what was planned and is not proven: that it failed, or that no result of it came. */
export function notProven(planned: readonly Pick<Proof, "name">[], done: readonly Proven[]): readonly string[] {
  const proven = new Set(done.flatMap(({ proof, result }) => (isProven(proof, result) ? [proof.name] : [])));
  return planned.flatMap(({ name }) => (proven.has(name) ? [] : [name]));
}

/** What was proven, as tables fit for a note. */
export function summaryOf(done: readonly Proven[], ms: number): string {
  const of = (kind: Proven["proof"]["kind"]): readonly Proven[] => done.filter(({ proof }) => proof.kind === kind);
  const scenarios = of("scenario");
  const sum = (what: "states" | "steps" | "ms"): number => scenarios.reduce((all, { result }) => all + result[what], 0);
  const count = (has: (proven: Proven) => boolean): number => scenarios.filter(has).length;
  return [
    "",
    "| scenarios | states | steps | longest schedule | minutes of one process | violations | cut short |",
    "|---|---|---|---|---|---|---|",
    `| ${scenarios.length} | ${sum("states")} | ${sum("steps")} | ${most(scenarios, "depth")} | ${minutes(sum("ms"))} | ${count(({ result }) => result.violation !== undefined)} | ${count(({ result }) => result.capped)} |`,
    "",
    `Chance that two states were taken for one, in the largest: ${most(scenarios, "collisionChance").toExponential(0)}.`,
    `Known limits shown: ${fraction(of("known limit"))}.`,
    `Mutants killed by the models: ${fraction(of("mutant"))}, ${lengthsOf(of("mutant"))}.`,
    `Mutants killed by a schedule each: ${fraction(of("mutant, by one schedule"))}.`,
    `${minutes(ms)} minutes in all.`,
  ].join("\n");
}

const minutes = (ms: number): string => (ms / 60_000).toFixed(1);

const most = (done: readonly Proven[], what: "depth" | "collisionChance"): number =>
  Math.max(0, ...done.map(({ result }) => result[what]));

const fraction = (done: readonly Proven[]): string =>
  `${done.filter(({ proof, result }) => isProven(proof, result)).length} of ${done.length}`;

function lengthsOf(done: readonly Proven[]): string {
  const lengths = done.map(({ result }) => result.schedule.length).sort((a, b) => a - b);
  const at = (share: number): number => lengths[Math.floor(share * (lengths.length - 1))] ?? 0;
  return `by schedules of ${at(0)} to ${at(1)} steps, the median ${at(0.5)}`;
}
