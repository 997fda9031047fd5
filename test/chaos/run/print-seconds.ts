import type { Second, Tally } from "../clients/tally.ts";

/** Something that was done, and when. */
export interface ChaosEvent {
  readonly atMs: number;
  readonly words: string;
}

const COLUMNS: readonly (readonly [string, (second: Second) => number])[] = [
  ["hits", ({ reads }) => reads.hit],
  ["loads", ({ reads }) => reads.load],
  ["strong", ({ reads }) => reads.strong],
  ["labelled", ({ reads }) => reads.labelled],
  ["errors", ({ readErrors }) => readErrors],
  ["sessions", ({ sessions }) => sessions],
  ["writes", ({ writes }) => writes.acked],
  ["unannounced", ({ writes }) => writes.unannounced],
  ["unknown", ({ writes }) => writes.undecided + writes.lost],
  ["refused", ({ writes }) => writes.refused],
  ["oldest age", ({ oldestAgeS }) => oldestAgeS],
];

const WIDTH = 12;
/** So many rows follow the last event. */
const AFTERWARDS_S = 3;

/** What clients saw, a row for each second, and what was done to the deployment between the rows. */
export function printSeconds({ seconds }: Pick<Tally, "seconds">, events: readonly ChaosEvent[]): readonly string[] {
  const lines = [`second${COLUMNS.map(([name]) => name.padStart(WIDTH)).join("")}`];
  let told = 0;
  const tellUntil = (ms: number): void => {
    for (let next = events[told]; next !== undefined && next.atMs < ms; next = events[++told]) {
      lines.push(`       ${(next.atMs / 1000).toFixed(1)} s  ${next.words}`);
    }
  };
  const lastS = (events.at(-1)?.atMs ?? 0) / 1000 + AFTERWARDS_S;
  for (const [second, counts] of seconds.filter(([at]) => at <= lastS)) {
    tellUntil((second + 1) * 1000);
    const cells = COLUMNS.map(([, value]) => String(value(counts)).padStart(WIDTH));
    lines.push(`${String(second).padStart(6)}${cells.join("")}`);
  }
  tellUntil(Number.POSITIVE_INFINITY);
  return lines;
}
