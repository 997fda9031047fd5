import { setTimeout as pause } from "node:timers/promises";
import { type Client, types } from "cassandra-driver";
import { waitUntil } from "../../../docker/stack/wait.ts";
import type { Served } from "../clients/clients.ts";
import { type ReadAnswer, read } from "../clients/exchange.ts";
import type { Ground } from "../faults/fault.ts";
import { hintFiles } from "../faults/hints.ts";
import { type Allowed, exactly, type Rules, settled } from "../judge/allowed.ts";
import type { Findings } from "../judge/findings.ts";
import type { History } from "../judge/history.ts";
import { type Reading, readingsOf } from "../town/readings.ts";
import { takeCensus } from "../town/settlers.ts";
import type { Town } from "../town/town.ts";

/** How long an entry may live whose write was never finished, while a hint may still deliver it. */
const ORPHAN_TTL_MS = 60_000;
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

/** Answers that were compared with the database, and how many of them were hits where memory had been asked before. */
export interface Compared {
  readonly answers: number;
  readonly hits: number;
}

/** Compares what every frontend answers to every key with the database, and the database with the history. */
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
  // Every replica has what one had, now that all were asked; what frontends ask is a majority.
  const majority = await takeCensus(client, keyspace, town, types.consistencies.quorum);
  for (const [counter, total] of totals) {
    const counted = majority.totals.get(counter);
    if (counted !== total)
      findings.add("database", `${counter} is ${total} at all replicas, then ${counted} at a majority`);
  }
  const truth = exactly(majority.values, majority.totals);
  const readings = town.circles.flatMap((circle) => circle.people).flatMap(readingsOf);
  const hits = await Promise.all(frontends.map((frontend) => compareTwice(frontend, readings, truth, findings)));
  return { answers: 2 * readings.length * frontends.length, hits: hits.reduce((sum, each) => sum + each, 0) };
}

/** Nothing touches anything any more: what was read once is in memory. Some may be missing, where proof came late on a loaded machine. */
const LEAST_HITS_OF_100 = 90;

/** Reads each key twice, and compares both answers. How many of the second ones were hits: a cache that is none would answer right, too. */
export async function compareTwice(
  { name, url }: Pick<Served, "name" | "url">,
  readings: readonly Reading[],
  truth: Allowed,
  findings: Findings,
): Promise<number> {
  const compare = async (reading: Reading): Promise<ReadAnswer> => {
    const answer = await read({ url: `${url}${reading.path}`, headers: {} });
    const found = (words: string) =>
      findings.add("difference", `${name} ${reading.path} (${answer.cacheStatus}): ${words}`);
    for (const words of reading.check(answer.json, truth, false)) found(words);
    if (answer.coherent !== true) found("not coherent at rest");
    if (answer.position === undefined) found("no position at rest");
    return answer;
  };
  let hits = 0;
  for (const reading of readings) {
    await compare(reading);
    if ((await compare(reading)).source === "hit") hits++;
  }
  if (hits * 100 < readings.length * LEAST_HITS_OF_100) {
    findings.add("no evidence", `${name} keeps nothing: ${hits} hits of ${readings.length} keys that were read before`);
  }
  return hits;
}
