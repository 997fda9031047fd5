import { keys } from "../../../keyspec/index.ts";
import type { Graph } from "./edge-list.ts";
import { watchEviction } from "./eviction.ts";
import { showProgress } from "./progress.ts";
import { compareWithDatabase, type FriendsRead, readBoth } from "./read-both.ts";
import type { DevServers, Ground } from "./servers.ts";
import { befriending, parting } from "./story.ts";

type Say = (line: string) => void;

export interface CheckReport {
  readonly reads: number;
  readonly hits: number;
  readonly databaseReads: number;
  readonly changed: number;
  readonly failedWrites: number;
  readonly differences: number;
}

const READERS = 16;
/** How many times every list is read before anything changes. */
const ROUNDS = 3;

/**
 * Reads every person's friends list through both frontends, changes friendships through the backend, reads every affected list again and
 * compares it with the database. A difference is a bug.
 */
export async function checkGraph(
  graph: Graph,
  changes: number,
  ground: Ground,
  servers: DevServers,
  say: Say,
): Promise<CheckReport> {
  const before = ground.caches.map((cache) => cache.statistics());
  const reading = showProgress(
    `reading every list ${ROUNDS} times through both frontends`,
    graph.people.length * ROUNDS,
  );
  let hits = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await inParallel(graph.people, async (person) => {
      const answers = await readBoth(servers, person);
      hits += hitsAmong(answers); // not in one step: others add to it while this one waits
      reading.step(1);
    });
  }
  reading.end();
  const {
    affected,
    latencies,
    failedWrites,
    hits: hitsWhileChanging,
  } = await changeFriendships(graph, changes, ground, servers);
  const comparing = showProgress("reading the affected lists again, and comparing", affected.length);
  let differences = 0;
  await inParallel(affected, async (person) => {
    const found = await compareWithDatabase(servers, ground.store, person, say);
    differences += found;
    comparing.step(1);
  });
  comparing.end();
  const after = ground.caches.map((cache) => cache.statistics());
  const grown = (of: (s: (typeof after)[number]) => number): number => sum(after.map(of)) - sum(before.map(of));
  const report = {
    reads: 2 * (graph.people.length * ROUNDS + affected.length + changes),
    hits: hits + hitsWhileChanging,
    databaseReads: grown((s) => s.databaseReads),
    changed: changes - failedWrites,
    failedWrites,
    differences,
  };
  sayReport(report, latencies, say);
  return report;
}

/** Changes one friendship at a time: makes it if there is none, ends it if there is one. Each change is watched until both frontends dropped it. */
async function changeFriendships(graph: Graph, changes: number, ground: Ground, servers: DevServers) {
  const progress = showProgress("changing friendships", changes);
  const friends = new Set(graph.friendships.map((pair) => pair.join()));
  const affected = new Set<number>();
  const latencies: number[] = [];
  let failedWrites = 0;
  let hits = 0;
  for (let i = 0; i < changes; i++) {
    const [a, b] = pairAt(graph, i);
    const batch = friends.has(`${a},${b}`) ? parting(a, b) : befriending(a, b);
    const answers = await readBoth(servers, a); // so that there is something to drop
    hits += hitsAmong(answers);
    const watches = ground.caches.map((cache) => watchEviction(cache, keys.friends.text({ id: a })));
    const ok = await postBatch(servers, batch);
    for (const person of [a, b]) affected.add(person);
    if (ok) latencies.push(Math.max(...(await Promise.all(watches.map((watch) => watch.done())))));
    else failedWrites++;
    progress.step(1);
  }
  progress.end();
  return { affected: [...affected], latencies, failedWrites, hits };
}

/** Spread over the graph: every third ends a friendship that there is, the others make new ones. */
function pairAt({ people, friendships }: Graph, i: number): readonly [number, number] {
  const known = friendships[(i * 7919) % friendships.length];
  if (i % 3 === 0 && known !== undefined) return known;
  const a = people[(i * 104_729) % people.length] ?? 0;
  const b = people[(i * 15_485_863 + 1) % people.length] ?? 0;
  return a === b ? [a, a + 1] : a < b ? [a, b] : [b, a];
}

async function postBatch(servers: DevServers, batch: unknown): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(`${servers.backendUrl}/batch`, {
      method: "POST",
      headers,
      body: JSON.stringify(batch),
      signal: AbortSignal.timeout(30_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: READERS }, worker));
}

const hitsAmong = (answers: readonly (FriendsRead | undefined)[]): number =>
  answers.filter((answer) => answer?.hit).length;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function sayReport(report: CheckReport, latencies: readonly number[], say: Say): void {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const saved = 100 * (1 - report.databaseReads / Math.max(1, report.reads));
  say(
    `${report.reads} reads over HTTP: ${report.hits} from memory, ${report.databaseReads} from the database (${saved.toFixed(1)} % saved)`,
  );
  say(
    `${report.changed} friendships changed, ${report.failedWrites} writes failed; write sent -> dropped by both frontends: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
  say(`every affected list compared with the database on both frontends: ${report.differences} differences`);
}
