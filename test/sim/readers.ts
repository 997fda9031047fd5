import type { Answer, NearCache } from "../../src/engine/near-cache.ts";
import type { AnyKey } from "../../src/index.ts";
import { type Chance, pick } from "./chance.ts";
import type { Requested } from "./judge.ts";
import { FIRST, FRIENDS, keys, LISTS, SESSIONS, USERS } from "./keys.ts";
import { hot } from "./mutations.ts";
import type { Node } from "./node.ts";
import { type Asked, type KeyName, type Seen, seenIn, seenInList } from "./seen.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";
import { errorOf } from "./writers.ts";

/** How a client reads. */
export interface ToRead extends Asked {
  readonly how: "answer" | "fresh" | "get" | "page";
  /** Of a page: the row behind which it begins; -1 for the first. */
  readonly after: number;
}

const NAMES: readonly [KeyName, ...KeyName[]] = [
  "user",
  "user",
  "friends",
  "names",
  "names",
  "friendCount",
  "firstFriends",
  "friend",
  "circle",
  "session",
  "card",
  "quick",
];

export function someRead(chance: Chance): ToRead {
  const name = pick(chance, NAMES);
  const params = someParams(chance, name);
  const listOnly = name === "friends" ? "page" : "get";
  const how = pick<ToRead["how"]>(chance, ["answer", "answer", "answer", "answer", "get", "fresh", listOnly]);
  return { name, params, how, after: how === "page" ? chance.int(FRIENDS) - 1 : -1 };
}

function someParams(chance: Chance, name: KeyName): Asked["params"] {
  if (name === "friend") return { user_id: hot(chance, LISTS), friend_id: hot(chance, FRIENDS) };
  if (name === "session") return { id: hot(chance, SESSIONS) };
  return { id: hot(chance, name === "user" || name === "quick" || name === "card" ? USERS : LISTS) };
}

/** Every key there is, each asked plainly. */
export function everyRead(): readonly Asked[] {
  const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
  const byId = (names: readonly KeyName[], n: number): readonly Asked[] =>
    names.flatMap((name) => upTo(n).map((id) => ({ name, params: { id } })));
  return [
    ...byId(["user", "quick", "card"], USERS),
    ...byId(["friends", "firstFriends", "friendCount", "names", "circle"], LISTS),
    ...byId(["session"], SESSIONS),
    ...upTo(LISTS).flatMap((user_id) =>
      upTo(FRIENDS).map((friend_id) => ({ name: "friend" as const, params: { user_id, friend_id } })),
    ),
  ];
}

/** The key, seen as any key: what it gives is looked at by `seenIn`. */
export const keyOf = ({ name }: Asked): AnyKey => Object(keys)[name];

/** A client reads from this process. What it is given is held against the history. */
export function startRead(sim: Simulation, node: Node, read: ToRead): void {
  node.process.enter("requests", () => {
    if (node.cache !== undefined) void ask(sim, node, node.cache, read);
  });
}

/** What came of a read: undefined if it failed. */
export async function ask(sim: Simulation, node: Node, cache: NearCache, read: ToRead): Promise<Answer | undefined> {
  const { world } = sim;
  const position = cache.position();
  node.checkPosition(position, sim.excuses.hasRewinds);
  const request = { reader: node.name, arrivedAtMs: world.nowMs, position, minPosition: undefined };
  const loading = cache.statistics().loading;
  node.waiting.add(request);
  try {
    const asking = send(cache, read);
    const hasBegunLoad = cache.statistics().loading > loading;
    const { answer, seen } = await asking;
    conclude(sim, node, read, request, answer, seen, hasBegunLoad);
    return answer;
  } catch (error) {
    noteError(sim, node, read, error);
    return undefined;
  } finally {
    node.waiting.delete(request);
  }
}

interface Read {
  /** Undefined where only the value is given. */
  readonly answer: Answer | undefined;
  readonly seen: readonly Seen[];
}

async function send(cache: NearCache, read: ToRead): Promise<Read> {
  const key = keyOf(read);
  if (read.how === "get") return { answer: undefined, seen: seenIn(read, await cache.get(key, read.params)) };
  if (read.how === "page") {
    const after = read.after < 0 ? undefined : { friend_id: read.after };
    const answer = await cache.page(key, read.params, { limit: FIRST, after });
    return { answer, seen: seenInList(read.params.id ?? 0, answer.value, answer.next !== undefined, read.after) };
  }
  const answer = await cache.answer(key, read.params, { fresh: read.how === "fresh" });
  return { answer, seen: seenIn(read, answer.value, answer.partial) };
}

function conclude(
  sim: Simulation,
  node: Node,
  read: ToRead,
  request: Requested,
  answer: Answer | undefined,
  seen: readonly Seen[],
  hasBegunLoad: boolean,
): void {
  const { world, judge } = sim;
  sim.answers++;
  if (answer?.source === "hit") sim.hits++;
  for (const of of seen) world.agenda.mix("row" in of ? (of.version ?? -1) : of.rows);
  world.say(
    node.name,
    () => `${wordsOf(read)} is ${said(seen)} (${answer?.source ?? read.how} ${answer?.detail ?? ""})`,
  );
  const isCoherent = answer?.source !== "unproven";
  const isHit = answer?.source === "hit" || answer?.source === "unproven";
  const wrong = judge.verdict(request, { seen, isCoherent, isHit, atMs: world.nowMs });
  if (wrong !== undefined)
    world.violate(`${wrong}; ${node.name} answered ${wordsOf(read)} (${answer?.source ?? read.how})`);
  if (answer !== undefined) countPaths(sim, node, read, answer, hasBegunLoad);
}

function countPaths(sim: Simulation, node: Node, read: ToRead, answer: Answer, hasBegunLoad: boolean): void {
  const { world, deployment } = sim;
  const { source, detail } = answer;
  if (source === "hit" || source === "miss") world.count(source);
  if (source === "joined") world.count("joined flight");
  if (source === "unproven") world.count("labelled hit");
  if (source === "bypass") world.count(node.hasAnswered(answer.value) ? "joined bypass" : "bypass");
  if (source === "hit" && hasBegunLoad) world.count("early refresh");
  if (detail === "raced") world.count(isView(read) ? "detached view" : "detached flight");
  if (detail === "beyond-bound") world.count("page beyond the bound");
  if (answer.partial) world.count("list cut at its bound");
  if (node.flushedAtMs !== undefined && world.nowMs < node.flushedAtMs + TIMES.fenceMs + TIMES.settleMs)
    world.count("read in quarantine");
  if (isView(read) && dependenciesOf(answer) > (deployment.settings.maxDependencies ?? Number.POSITIVE_INFINITY)) {
    world.count("dependency bound reached");
    if (answer.stored) world.violate(`L1: ${wordsOf(read)} depends on more than may be remembered, and is kept`);
  }
}

const isView = ({ name }: Asked): boolean => name === "names" || name === "circle";

/** How many names a list of names depends on at least: the list, and each friend, by key and by partition. */
function dependenciesOf({ value }: Answer): number {
  const { list } = Object(value);
  return Array.isArray(list) ? 2 + 2 * list.length : 0;
}

const FAILURES: readonly string[] = ["E_STORE_READ", "E_LIST_TOO_LONG", "E_VIEW"];

function noteError({ world }: Simulation, node: Node, read: ToRead, error: unknown): void {
  const { code, message } = errorOf(error);
  world.say(node.name, () => `${wordsOf(read)} fails: ${code} ${message}`);
  if (code === "E_OVERLOADED") world.count("overloaded");
  else if (code === "E_CLOSED") world.count("closed");
  else if (!FAILURES.includes(code)) world.violate(`${wordsOf(read)} failed with ${message}`);
}

export const wordsOf = (of: Asked): string => `${of.name}(${Object.values(of.params).join(",")})`;

const said = (seen: readonly Seen[]): string =>
  seen
    .map((of) => ("row" in of ? `${of.row}=${of.version === undefined ? "-" : `w${of.version}`}` : `${of.rows} rows`))
    .join(" ");
