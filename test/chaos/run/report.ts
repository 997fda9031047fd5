import type { Tally } from "../clients/tally.ts";
import { warningIn } from "../deployment/inspect.ts";
import type { NearkeyProcess } from "../deployment/nearkey-process.ts";
import type { Findings } from "../judge/findings.ts";
import type { Judge } from "../judge/judge.ts";
import type { Compared } from "./at-rest.ts";
import type { Played } from "./timeline.ts";

/** Everything that a run has to tell. */
export interface ReportOptions {
  readonly played: ReadonlyMap<string, Played>;
  readonly tally: Tally;
  readonly judge: Pick<Judge, "judged">;
  readonly compared: Compared;
  readonly processes: readonly NearkeyProcess[];
  readonly audited: number;
  readonly findings: Findings;
}

/** The report, in lines. */
export function report({
  played,
  tally,
  judge: { judged },
  compared,
  processes,
  audited,
  findings,
}: ReportOptions): readonly string[] {
  const { reads, writes, readErrors, sessions, oldestAgeS } = tally.total();
  return [
    ...[...played].map(([name, { times, evidence }]) => `${name.padEnd(24)} ${times} x  ${evidence.join("; ")}`),
    "",
    `reads     ${words(reads)}, ${readErrors} errors; ${sessions} of them named the position of their own write`,
    `writes    ${words(writes)}`,
    `logged    ${words(logged(processes))}`,
    `judged    ${judged.answers} answers, ${judged.values} values in them; oldest age of a hit ${oldestAgeS} s`,
    `at rest   ${compared.answers} answers compared, ${compared.hits} of them hits; ${audited} hits agreed with in the frontends' own audits`,
    `wrong     ${findings.counts.size === 0 ? "nothing" : words(Object.fromEntries(findings.counts))}`,
    ...findings.first.map(({ kind, words: said }) => `  ${kind}: ${said}`),
  ];
}

const words = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");

/** How often each event stands in the processes' logs, by its reason where it has one; and Node's warnings. */
function logged(processes: readonly NearkeyProcess[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  const count = (name: string, times: number) => counts.set(name, (counts.get(name) ?? 0) + times);
  for (const { msg, why, leftOut } of processes.flatMap(({ log }) => log.lines())) {
    count(typeof why === "string" ? `${msg} (${why})` : msg, 1 + (typeof leftOut === "number" ? leftOut : 0));
  }
  for (const stray of processes.flatMap(({ log }) => log.strays())) {
    const warning = warningIn(stray);
    if (warning) count(warning, 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
