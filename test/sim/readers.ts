import type { Answer, NearCache } from "../../src/engine/near-cache.ts";
import type { CacheStatistics } from "../../src/engine/statistics.ts";
import { countPaths } from "./answers.ts";
import type { Requested } from "./judge.ts";
import { FIRST } from "./keys.ts";
import type { Life } from "./life.ts";
import type { Node } from "./node.ts";
import { keyOf, positionFor, type ToRead, wordsOf } from "./reads.ts";
import { type Seen, seenIn, seenInList } from "./seen.ts";
import type { Simulation } from "./simulation.ts";
import { errorOf } from "./writers.ts";

/** A client reads from this process. What it is given is held against the history. */
export function startRead(sim: Simulation, node: Node, read: ToRead): void {
  node.process.enter("requests", () => {
    const { life } = node;
    if (life?.cache !== undefined) void ask(sim, life, life.cache, read);
  });
}

/** What came of a read: undefined if it failed, or if only its value was asked for. */
export async function ask(sim: Simulation, life: Life, cache: NearCache, read: ToRead): Promise<Answer | undefined> {
  const arrivedAt = life.process.now();
  const request: Requested = {
    reader: life.name,
    arrivedAtMs: sim.world.nowMs,
    position: cache.position(),
    isReady: cache.ready,
    startedAtMs: life.startedAtMs,
    hasEndedFence: (write) => life.hasEndedFence(write, sim.fenceLastsMs, arrivedAt),
    minPosition: read.how === "fresh" ? undefined : positionFor(read, sim.history),
  };
  const back = life.wayBack(request.position);
  if (back !== undefined) sim.world.violate(`order: ${life.name} ${back}`);
  life.waiting.add(request);
  try {
    const loading = loadsUnderWay(cache, read);
    const reading = send(cache, read, request);
    const hasBegunLoad = loadsUnderWay(cache, read) > loading;
    const found = await reading;
    conclude(sim, life, read, request, found);
    const { answer } = found;
    if (answer !== undefined) countPaths(sim, life, read, request, answer, hasBegunLoad);
    return answer;
  } catch (error) {
    noteError(sim, life, read, error);
    return undefined;
  } finally {
    life.waiting.delete(request);
  }
}

/** Asked only where an entry lives so short that it may be loaded early: statistics cost more than a read. */
const loadsUnderWay = (cache: NearCache, { name }: ToRead): number =>
  name === "quick" ? cache.statistics().loading : 0;

interface Read {
  /** Undefined where only the value is given. */
  readonly answer: Answer | undefined;
  readonly seen: readonly Seen[];
  readonly isHit: boolean;
}

async function send(cache: NearCache, read: ToRead, { minPosition }: Requested): Promise<Read> {
  const key = keyOf(read);
  const wanted = { minPosition, waitMs: read.waitMs };
  if (read.how === "get") {
    const before = cache.statistics();
    const value = cache.get(key, read.params, wanted);
    const isHit = isFromMemory(before, cache.statistics());
    return { answer: undefined, seen: seenIn(read, await value), isHit };
  }
  if (read.how === "page") {
    const after = read.after < 0 ? undefined : { friend_id: read.after };
    const answer = await cache.page(key, read.params, { limit: FIRST, after }, wanted);
    const seen = seenInList(read.params.id ?? 0, answer.value, answer.next !== undefined, read.after);
    return { answer, seen, isHit: isHit(answer) };
  }
  const answer = await cache.answer(key, read.params, { fresh: read.how === "fresh", ...wanted });
  return { answer, seen: seenIn(read, answer.value, answer.partial), isHit: isHit(answer) };
}

const isHit = ({ source }: Answer): boolean => source === "hit" || source === "unproven";

/** `get` does not say how it came by its value: from memory, if that was asked and nothing else before it returned. */
function isFromMemory(before: CacheStatistics, after: CacheStatistics): boolean {
  const hits = (of: CacheStatistics): number => of.hits + of.unprovenHits;
  const others = (of: CacheStatistics): number => of.misses + of.joined + of.bypasses + of.behind;
  return hits(after) > hits(before) && others(after) === others(before);
}

function conclude(sim: Simulation, life: Life, read: ToRead, request: Requested, { answer, seen, isHit }: Read): void {
  const { world, judge } = sim;
  sim.answers++;
  if (isHit) sim.hits++;
  for (const of of seen) world.agenda.mix("row" in of ? (of.version ?? -1) : of.rows);
  const how = `${read.how} ${answer?.source ?? ""} ${answer?.detail ?? ""}`.trim();
  world.say(life.name, () => `${wordsOf(read)} is ${said(seen)} (${how})`);
  const { wrong, isHeld } = judge.verdict(request, {
    seen,
    // `get` cannot label: where a key allows unproven answers, whoever takes the bare value is given one.
    isLabelled: answer === undefined ? read.name === "card" : answer.source === "unproven",
    isHit,
    position: answer?.position,
    ageMs: answer?.ageMs,
    atMs: world.nowMs,
  });
  if (isHeld) sim.judged++;
  if (wrong !== undefined) world.violate(`${wrong}; ${life.name} answered ${wordsOf(read)} (${how})`);
}

/** What a read may fail with, whatever the faults; anything else is a bug. */
const FAILURES: readonly string[] = ["E_STORE_READ", "E_LIST_TOO_LONG", "E_VIEW", "E_OVERLOADED", "E_CLOSED"];

function noteError({ world }: Simulation, life: Life, read: ToRead, error: unknown): void {
  const { code, message } = errorOf(error);
  world.say(life.name, () => `${wordsOf(read)} fails: ${code} ${message}`);
  if (code === "E_OVERLOADED") world.count("overloaded");
  if (code === "E_CLOSED") world.count("closed");
  if (code === "E_VIEW" && message.includes("took longer")) world.count("views that wait for each other");
  if (!FAILURES.includes(code)) world.violate(`failed: ${wordsOf(read)} with ${message}`);
}

const said = (seen: readonly Seen[]): string =>
  seen
    .map((of) => ("row" in of ? `${of.row}=${of.version === undefined ? "-" : `w${of.version}`}` : `${of.rows} rows`))
    .join(" ");
