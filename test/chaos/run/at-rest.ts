import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "cassandra-driver";
import { waitUntil } from "../../../docker/stack/wait.ts";
import type { Served } from "../clients/clients.ts";
import { read } from "../clients/exchange.ts";
import type { Ground } from "../faults/fault.ts";
import { hintFiles } from "../faults/hints.ts";
import { exactly, type Rules, settled } from "../judge/allowed.ts";
import type { Findings } from "../judge/findings.ts";
import type { History } from "../judge/history.ts";
import { readingsOf } from "../town/readings.ts";
import { takeCensus } from "../town/settlers.ts";
import type { Town } from "../town/town.ts";

/** How long an entry may live whose write was never finished, while a hint may still deliver it. */
const ORPHAN_TTL_MS = 60_000;
/** Of as many reads as there are keys: each is read twice, and a few are never kept, because how long they live cannot be told. */
const LEAST_HITS = 0.8;
const HINTS_WITHIN_MS = 120_000;

/** Waits, once nobody writes any more, for what is still on its way: hints, the ends of fences, and of orphans' entries. */
export async function untilAtRest(
  { servers }: Pick<Ground, "servers">,
  fenceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { cassandra } = servers;
  const hasReplicas = cassandra.length > 1;
  if (hasReplicas) {
    const wait = { what: "The delivery of all hints", deadlineMs: HINTS_WITHIN_MS, remedy: "Look at the nodes' logs" };
    await waitUntil({ ...wait, signal }, async () => hintFiles(cassandra).length === 0);
  }
  await pause(fenceMs + (hasReplicas ? ORPHAN_TTL_MS : 0), undefined, { signal });
}

export interface AtRestOptions {
  readonly client: Client;
  readonly keyspace: string;
  readonly town: Town;
  readonly frontends: readonly Served[];
  readonly history: History;
  readonly findings: Findings;
  readonly rules: Rules;
}

/** Answers that were compared with the database, and how many of them were hits. */
export interface Compared {
  readonly answers: number;
  readonly hits: number;
}

/**
 * Compares what every frontend answers to every key, twice, with the database, and the database with the history. The second answer comes
 * from memory; where none does the caches do not work.
 */
export async function compareAll({
  client,
  keyspace,
  town,
  frontends,
  history,
  findings,
  rules,
}: AtRestOptions): Promise<Compared> {
  const { values, totals } = await takeCensus(client, keyspace, town);
  const possible = settled(history, rules);
  for (const [register, value] of values) {
    const allowed = possible.values(register);
    if (!allowed.has(value)) findings.add("database", `${register} is ${value} (${history.describe(register)})`);
  }
  for (const [counter, total] of totals) {
    const { least, most } = possible.total(counter);
    if (total < least || total > most) findings.add("database", `${counter} is ${total}, not ${least} to ${most}`);
  }
  const truth = exactly(values, totals, rules);
  const readings = town.circles.flatMap((circle) => circle.people).flatMap(readingsOf);
  const hits = await Promise.all(
    frontends.map(async ({ name, url }) => {
      let fromMemory = 0;
      for (const reading of [...readings, ...readings]) {
        const answer = await read({ url: `${url}${reading.path}`, headers: {} });
        if (answer.source === "hit") fromMemory++;
        for (const words of reading.check(answer.json, truth, false)) {
          findings.add("difference", `${name} ${reading.path} (${answer.cacheStatus}): ${words}`);
        }
      }
      if (fromMemory < readings.length * LEAST_HITS)
        findings.add("no evidence", `${name} answered ${fromMemory} of ${2 * readings.length} reads from memory`);
      return fromMemory;
    }),
  );
  return { answers: 2 * readings.length * frontends.length, hits: hits.reduce((sum, of) => sum + of, 0) };
}
