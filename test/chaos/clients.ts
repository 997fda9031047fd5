import type { History } from "./history.ts";
import type { Tally } from "./tally.ts";

/** Clients that read and write friendships over HTTP, and hold every answer against the history. */
export interface Clients {
  start(): void;
  /** Resolves when the last request has ended. */
  stop(): Promise<void>;
  /** Answers that the history does not allow, in words. */
  readonly stale: readonly string[];
}

export interface ClientsOptions {
  readonly backendUrl: string;
  readonly frontendUrls: readonly string[];
  readonly people: readonly number[];
  readonly friends: ReadonlyMap<number, Set<number>>;
  readonly history: History;
  readonly tally: Tally;
  readonly now: () => number;
  readonly chance: () => number;
  readonly readers: number;
  readonly writers: number;
}

const READ_DEADLINE_MS = 15_000;
const WRITE_DEADLINE_MS = 40_000;
const PAUSE_AFTER_ERROR_MS = 50;
const PAUSE_BETWEEN_WRITES_MS = 10;

export const pairOf = (a: number, b: number): string => (a < b ? `${a},${b}` : `${b},${a}`);

export function createClients(options: ClientsOptions): Clients {
  const { people, history, tally, now, chance } = options;
  const stale: string[] = [];
  const busy = new Set<string>();
  let running = false;
  let ended: Promise<unknown> = Promise.resolve();

  const pick = (): number => people[Math.floor(chance() * people.length)] ?? 0;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  const read = async (): Promise<void> => {
    const url = options.frontendUrls[Math.floor(chance() * options.frontendUrls.length)] ?? "";
    const person = pick();
    const sentAtMs = now();
    try {
      const response = await fetch(`${url}/users/${person}/friends`, { signal: AbortSignal.timeout(READ_DEADLINE_MS) });
      const body: unknown = await response.json();
      if (!response.ok || !Array.isArray(body)) throw new Error(`status ${response.status}`);
      const labelled = count(response.headers.get("cache-status") ?? "", Number(response.headers.get("age") ?? 0));
      if (!labelled) judge(person, body, sentAtMs, url);
    } catch {
      tally.now().readErrors++;
      await pause(PAUSE_AFTER_ERROR_MS);
    }
  };

  /** Counts the answer; true if it is labelled as one that may be old. */
  const count = (status: string, ageS: number): boolean => {
    const second = tally.now();
    second.oldestAgeS = Math.max(second.oldestAgeS, ageS);
    const unproven = status.includes("detail=unproven");
    if (unproven && status.includes("; hit")) second.labelled++;
    else if (status.includes("; hit")) second.hits++;
    else if (unproven) second.bypasses++;
    else second.misses++;
    return unproven && status.includes("; hit");
  };

  const judge = (person: number, rows: readonly { friend_id: number }[], sentAtMs: number, url: string): void => {
    const answeredAtMs = now();
    const seen = new Set(rows.map((row) => row.friend_id));
    const watched = options.friends.get(person) ?? new Set();
    for (const other of new Set([...watched, ...seen])) {
      const wrong = history.judge(pairOf(person, other), seen.has(other), sentAtMs, answeredAtMs);
      if (wrong !== undefined) stale.push(`${url} users_${person}_friends: ${wrong}`);
    }
  };

  const write = async (): Promise<void> => {
    const [a, b] = [pick(), pick()];
    const pair = pairOf(a, b);
    if (a === b || busy.has(pair)) return;
    busy.add(pair);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      options.friends.get(from)?.add(to);
    const present = !history.possible(pair).has(true);
    const written = history.begin(pair, present);
    try {
      const outcome = await post(a, b, present);
      written.end(outcome);
      if (outcome === "acked") tally.now().writes++;
      else tally.now().writeErrors++;
    } catch {
      written.end("unknown");
      tally.now().writeErrors++;
    }
    busy.delete(pair);
    await pause(PAUSE_BETWEEN_WRITES_MS);
  };

  const post = async (a: number, b: number, present: boolean): Promise<"acked" | "refused" | "unknown"> => {
    const side = (user_id: number, friend_id: number) => ({
      op: present ? "insert" : "delete",
      table: "friendships",
      key: { user_id, friend_id },
      ...(present && { set: {} }),
    });
    const response = await fetch(`${options.backendUrl}/batch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([side(a, b), side(b, a)]),
      signal: AbortSignal.timeout(WRITE_DEADLINE_MS),
    });
    const body = (await response.json()) as { readonly code?: string };
    if (response.status === 202) return "unknown"; // written, but not announced: the promise is of writes reported successful
    if (response.ok) return "acked";
    return body.code === "E_FENCE_FAILED" || body.code === "E_WRITE_REFUSED" || body.code === "E_OVERLOADED"
      ? "refused"
      : "unknown";
  };

  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (running) await work();
  };
  return {
    stale,
    start: () => {
      running = true;
      const loops = [...Array(options.readers).fill(read), ...Array(options.writers).fill(write)];
      ended = Promise.all(loops.map(repeat));
    },
    stop: async () => {
      running = false;
      await ended;
    },
  };
}
