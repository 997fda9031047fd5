import { keys } from "../../../keyspec/index.ts";
import type { NearCache } from "../../engine/near-cache.ts";
import type { Graph } from "./edge-list.ts";
import { watchEviction } from "./eviction.ts";
import type { DevServers, Ground } from "./servers.ts";

type Say = (line: string) => void;

/** Tells what nearkey does in ten lines, by doing it over HTTP: a miss, a hit, a write, two evictions, two fresh reads. */
export async function tellStory(graph: Graph, ground: Ground, servers: DevServers, say: Say): Promise<void> {
  const [person, stranger] = castOf(graph);
  const path = `/users/${person}/friends`;
  const [one, two] = servers.frontendUrls;
  const read = async (frontend: string, number: number, remark: string): Promise<void> => {
    const { ms, status, body } = await timed(`${frontend}${path}`);
    say(`${tag(number)} GET ${path}  ${status}  ${ms} ms, ${countOf(body)} friends${remark}`);
  };

  await warmUp(servers, stranger);
  await read(one, 1, "; read from the database, kept in memory");
  await read(one, 1, "; from memory");
  say(`${tag(1)} the same read without HTTP: ${microsecondsOf(ground.caches[0], person)} µs`);
  await read(two, 2, "; each frontend has a memory of its own");

  const evicted = ground.caches.map((cache) => watchEviction(cache, keys.friends.text({ id: person })));
  const written = await timed(`${servers.backendUrl}/batch`, befriending(person, stranger));
  say(`[backend]    POST /batch  ${written.status}  ${written.ms} ms, ${person} and ${stranger} are friends now`);
  for (const [i, eviction] of (await Promise.all(evicted.map((e) => e.done()))).entries()) {
    say(
      `${tag(i + 1)} dropped ${keys.friends.text({ id: person })} ${eviction.toFixed(1)} ms after the write was sent`,
    );
  }
  await read(one, 1, `; ${stranger} is among them`);
  await read(two, 2, `; ${stranger} is among them`);
  await timed(`${servers.backendUrl}/batch`, parting(person, stranger));
  say("[backend]    both sides undone: two rows, two keys, one batch");
}

/** The first requests of a process compile its code; the story is about the others. */
async function warmUp({ backendUrl, frontendUrls }: DevServers, somebody: number): Promise<void> {
  for (let i = 0; i < 20; i++) {
    for (const url of frontendUrls) await timed(`${url}/users/${somebody}/friends`);
    await timed(`${backendUrl}/batch`, befriending(somebody, somebody)); // undone at once
    await timed(`${backendUrl}/batch`, parting(somebody, somebody));
  }
}

const tag = (frontend: number): string => `[frontend ${frontend}]`;

/** Somebody with a few friends, and somebody who is none of them: 42 if there is one. */
function castOf({ people, friendships }: Graph): readonly [number, number] {
  const person = people.includes(42) ? 42 : (people[0] ?? 1);
  const friends = new Set(friendships.flatMap(([a, b]) => (a === person ? [b] : b === person ? [a] : [])));
  const stranger = people.find((other) => other !== person && !friends.has(other));
  return [person, stranger ?? person + 1];
}

const side = (user_id: number, friend_id: number) => ({ table: "friendships", key: { user_id, friend_id } });

/** The body of a batch that makes two people friends: both sides. */
export const befriending = (a: number, b: number) => {
  const set = { since: new Date().toISOString() };
  return [
    { op: "insert", ...side(a, b), set },
    { op: "insert", ...side(b, a), set },
  ];
};

/** The body of the batch that undoes it. */
export const parting = (a: number, b: number) => [
  { op: "delete", ...side(a, b) },
  { op: "delete", ...side(b, a) },
];

interface Timed {
  readonly ms: string;
  readonly status: string;
  readonly body: unknown;
}

async function timed(url: string, batch?: unknown): Promise<Timed> {
  const startedAt = performance.now();
  const request =
    batch === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(batch) };
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  const ms = (performance.now() - startedAt).toFixed(1);
  const status = response.headers.get("cache-status") ?? String(response.status);
  return { ms, status, body: text === "" ? undefined : JSON.parse(text) };
}

const countOf = (body: unknown): number => (Array.isArray(body) ? body.length : 0);

/** The median of many looks: one alone is below what the clock can tell. */
function microsecondsOf(cache: NearCache, person: number): string {
  const text = keys.friends.text({ id: person });
  const looks = Array.from({ length: 101 }, () => {
    const startedAt = performance.now();
    cache.peek(text, { monotonicMs: performance.now(), wallMs: Date.now() });
    return (performance.now() - startedAt) * 1000;
  });
  return (looks.sort((a, b) => a - b)[50] ?? 0).toFixed(1);
}
