import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { backendRouter } from "../../src/http/backend-router.ts";
import { frontendRouter } from "../../src/http/frontend-router.ts";
import { backendChecks, frontendChecks } from "../../src/http/health-checks.ts";
import { healthRouter } from "../../src/http/health-router.ts";
import { defineKeys, insert, key } from "../../src/index.ts";
import {
  createEmbedded,
  createSeededEntropy,
  createVirtualClock,
  type Embedded,
  type EmbeddedFrontend,
  type EmbeddedOptions,
  type VirtualClock,
} from "../../src/testing/index.ts";
import { type Reply, send, serving } from "./server.ts";
import { friendships, keys, rooms, tables, tags, users } from "./social.ts";

interface Stack extends Embedded {
  readonly clock: VirtualClock;
  /** The frontend's own way to the log. */
  readonly frontendLog: EmbeddedFrontend["log"];
  /** Reads through the frontend. */
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Writes through the backend. */
  write(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

const open: Embedded[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

/** A backend and a frontend over HTTP, with everything between them real but the database and the log; proven. */
async function stack(options: Partial<EmbeddedOptions> = {}): Promise<Stack> {
  const clock = createVirtualClock();
  const embedded = createEmbedded({ keys, clock, entropy: createSeededEntropy(1), ...options });
  open.push(embedded);
  await clock.advance(1_500);
  const [frontend] = embedded.frontends;
  if (frontend === undefined) throw new Error("one frontend");
  const reads = await serving(
    healthRouter({ ready: frontendChecks({ cache: frontend.cache, clock, boundMs: 10_000 }) }),
    frontendRouter({ cache: frontend.cache, keys: options.keys ?? keys, clock }),
  );
  const writes = await serving(
    healthRouter({ ready: backendChecks({ log: embedded.writerLog, store: embedded.store }) }),
    backendRouter({ writer: embedded.writer, tables }),
  );
  return {
    ...embedded,
    frontendLog: frontend.log,
    clock,
    get: (path, headers = {}) => send(reads, path, { headers }),
    write: async (method, path, body, headers) => {
      const json = body === undefined ? {} : { "content-type": "application/json" };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const reply = await send(writes, path, { method, headers: { ...json, ...headers }, ...text });
      await clock.settle(); // the frontend has heard of it
      return reply;
    },
  };
}

const status = (reply: Reply): unknown => [
  reply.status,
  reply.headers["cache-status"]?.toString().replace(/ttl=\d+/, "ttl"),
];
const HIT = "nearkey; hit; ttl";
const LOADED = "nearkey; fwd=uri-miss; stored";

describe("a row", () => {
  test("is loaded once, then served from memory, until it is written", async () => {
    const { get, write, store } = await stack();
    await write("PUT", "/users/42", { name: "Ada" });
    expect(status(await get("/users/42"))).toEqual([200, LOADED]);
    const before = store.reads;
    const hit = await get("/users/42");
    expect([status(hit), JSON.parse(hit.text)]).toEqual([[200, HIT], { id: 42, name: "Ada", email: null }]);
    expect(store.reads).toBe(before);

    const etag = hit.headers.etag ?? "";
    expect(status(await get("/users/42", { "if-none-match": etag }))).toEqual([304, HIT]);
    await write("PATCH", "/users/42", { name: "Grace" });
    const next = await get("/users/42", { "if-none-match": etag });
    expect([status(next), JSON.parse(next.text).name]).toEqual([[200, LOADED], "Grace"]);
  });

  test("that does not exist is remembered as such, until it does", async () => {
    const { get, write } = await stack();
    expect(status(await get("/users/7"))).toEqual([404, LOADED]);
    expect(status(await get("/users/7"))).toEqual([404, HIT]);
    await write("PUT", "/users/7", { name: "Ada" });
    expect(status(await get("/users/7"))).toEqual([200, LOADED]);
  });

  test("that is put loses the columns that the body leaves out", async () => {
    const { get, write } = await stack();
    await write("PUT", "/users/42", { name: "Ada", email: "a@b.c" });
    await write("PUT", "/users/42", { name: "Ada" });
    expect(JSON.parse((await get("/users/42")).text)).toEqual({ id: 42, name: "Ada", email: null });
    await write("PATCH", "/users/42", { email: "x" });
    expect(JSON.parse((await get("/users/42")).text)).toEqual({ id: 42, name: "Ada", email: "x" });
    await write("DELETE", "/users/42");
    expect((await get("/users/42")).status).toBe(404);
  });

  test("is written on a condition only where it holds", async () => {
    const { get, write } = await stack();
    const any = { "if-match": "*" };
    const none = { "if-none-match": "*" };
    expect((await write("PUT", "/users/1", { name: "a" }, any)).status).toBe(412);
    expect((await write("PATCH", "/users/1", { name: "a" }, any)).status).toBe(412);
    expect((await write("PUT", "/users/1", { name: "b" }, none)).status).toBe(201);
    expect((await write("PUT", "/users/1", { name: "c" }, none)).status).toBe(412);
    expect((await write("PUT", "/users/1", { email: "d" }, any)).status).toBe(200);
    expect(JSON.parse((await get("/users/1")).text)).toEqual({ id: 1, name: null, email: "d" });
    expect((await write("DELETE", "/users/1", undefined, any)).status).toBe(204);
    expect((await write("DELETE", "/users/1", undefined, any)).status).toBe(412);
  });

  test("has a position that covers the write which it shows", async () => {
    const { get, write } = await stack();
    const written = await write("PUT", "/users/42", {});
    const read = await get("/users/42");
    const sequenceOf = (reply: Reply): number => Number(String(reply.headers["nearkey-position"]).split(".").at(-1));
    expect(sequenceOf(read)).toBeGreaterThanOrEqual(sequenceOf(written));
  });
});

describe("a list", () => {
  test("changes with its rows, by itself, by count, by batch and by partition", async () => {
    const { get, write } = await stack();
    const json = async (path: string): Promise<unknown> => JSON.parse((await get(path)).text);
    await write("PUT", "/friendships/42/7", {});
    expect(await json("/users/42/friends")).toEqual([{ user_id: 42, friend_id: 7, since: null }]);
    await write("POST", "/batch", [
      { op: "insert", table: "friendships", key: { user_id: 42, friend_id: 8 } },
      { op: "insert", table: "friendships", key: { user_id: 8, friend_id: 42 } },
    ]);
    expect(await json("/users/42/friends/count")).toBe(2);
    expect(await json("/users/42/friends?friend=7&friend=9")).toEqual([
      { user_id: 42, friend_id: 7, since: null },
      null,
    ]);
    await write("DELETE", "/friendships/42");
    expect(await json("/users/42/friends")).toEqual([]);
    expect(await json("/users/8/friends/count")).toBe(1);
  });

  test("over its bound is served page by page, from memory as far as it is held", async () => {
    const bounded = defineKeys({
      friends: key("users_{id}_friends", { maxRows: 3 }).rows(friendships, { user_id: "id" }),
    });
    const { get, writer, clock } = await stack({ keys: bounded });
    for (let friend_id = 0; friend_id < 5; friend_id++) {
      await writer.write(insert(friendships, { user_id: 1, friend_id, since: new Date(0) }));
    }
    await clock.settle();
    const ids = (reply: Reply): unknown => JSON.parse(reply.text).map((row: { friend_id: number }) => row.friend_id);
    expect(ids(await get("/users/1/friends"))).toEqual([0, 1, 2, 3, 4]);
    const first = await get("/users/1/friends?limit=2");
    expect([status(first), ids(first), first.headers.link]).toEqual([
      [200, HIT],
      [0, 1],
      '<?limit=2&after=1>; rel="next"',
    ]);
    const beyond = await get("/users/1/friends?limit=2&after=1");
    expect([status(beyond), ids(beyond)]).toEqual([
      [200, "nearkey; fwd=uri-miss; stored=?0; detail=beyond-bound"],
      [2, 3],
    ]);
    expect(first.headers.etag).not.toBe(beyond.headers.etag);
    expect((await get("/users?id=1")).headers["content-type"]).toMatch("html");
  });

  test("comes whole and once by its pages, whatever its clustering values and the size of a page", async () => {
    const { get, writer, clock } = await stack();
    let owner = 0;
    const distinct = fc.uniqueArray(fc.string({ unit: "grapheme", maxLength: 6 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(distinct, fc.integer({ min: 1, max: 5 }), async (words, limit) => {
        owner++;
        await writer.write(words.map((tag) => insert(tags, { owner, tag })));
        await clock.settle();
        const seen: unknown[] = [];
        for (let query: string | undefined = `?limit=${limit}`; query !== undefined; ) {
          const reply: Reply = await get(`/tags/${owner}${query}`);
          seen.push(...JSON.parse(reply.text));
          query = /^<(.*)>/.exec(reply.headers.link?.toString() ?? "")?.[1];
        }
        expect(seen).toEqual(JSON.parse((await get(`/tags/${owner}`)).text));
        expect(seen).toHaveLength(words.length);
      }),
      { numRuns: 25 },
    );
  });

  test("over two clustering columns, one of them descending, comes by pages too", async () => {
    const { get, writer, clock } = await stack();
    const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
    const said = [1, 2, 3, 4].map((n) => insert(rooms, { room: "tea", at: new Date(n > 2 ? 2000 : 1000), id: id(n) }));
    await writer.write(said);
    await clock.settle();
    const seen: unknown[] = [];
    for (let query: string | undefined = "?limit=1"; query !== undefined; ) {
      const reply: Reply = await get(`/rooms/tea${query}`);
      seen.push(...JSON.parse(reply.text).map((row: { id: string }) => row.id));
      query = /^<(.*)>/.exec(reply.headers.link?.toString() ?? "")?.[1];
    }
    expect(seen).toEqual([id(3), id(4), id(1), id(2)]);
  });
});

describe("without the log", () => {
  test("reads go to the database and say so; the frontend is degraded but ready", async () => {
    const { get, write, frontendLog, clock } = await stack();
    await write("PUT", "/users/42", { name: "Ada" });
    await get("/users/42");
    frontendLog.disconnect();
    await clock.advance(11_000);
    const reply = await get("/users/42");
    expect([status(reply), JSON.parse(reply.text).name]).toEqual([[200, "nearkey; fwd=stale; detail=unproven"], "Ada"]);
    expect([(await get("/readyz")).status, (await get("/readyz?strict")).status]).toEqual([200, 503]);
    frontendLog.reconnect();
    await clock.advance(3_000);
    expect((await get("/readyz?strict")).status).toBe(200);
    expect(status(await get("/users/42"))).toEqual([200, HIT]);
  });

  test("a key that allows it is answered from memory, labelled", async () => {
    const lenient = defineKeys({ user: key("users_{id}", { onUnproven: { labelMs: 5_000 } }).row(users) });
    const { get, frontendLog, clock } = await stack({ keys: lenient });
    await get("/users/42");
    frontendLog.disconnect();
    await clock.advance(11_000);
    const reply = await get("/users/42");
    expect(status(reply)).toEqual([404, `${HIT}; detail=unproven`]);
    expect(Number(reply.headers.age)).toBeGreaterThan(10);
  });

  test("nothing is written, and that is said", async () => {
    const { write, writerLog, clock, get } = await stack();
    writerLog.disconnect();
    const pending = write("PUT", "/users/42", { name: "Ada" });
    while (true) {
      const reply = await Promise.race([pending, clock.advance(1_000)]);
      if (reply === undefined) continue;
      expect([reply.status, JSON.parse(reply.text).code]).toEqual([503, "E_FENCE_FAILED"]);
      break;
    }
    expect((await get("/users/42")).status).toBe(404);
  });
});

describe("without the database", () => {
  test("what is held is served, and everything else is 503", async () => {
    const { get, write, store } = await stack();
    await write("PUT", "/users/42", { name: "Ada" });
    await get("/users/42");
    store.faults.failReads = true;
    expect(status(await get("/users/42"))).toEqual([200, HIT]);
    const reply = await get("/users/43");
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([503, { code: "E_STORE_READ", key: "users_43" }]);
  });

  test("a write that was refused is 503, and one of unknown outcome 504", async () => {
    const { write, store } = await stack();
    store.faults.writes = "refused";
    expect((await write("PUT", "/users/42", {})).status).toBe(503);
    store.faults.writes = "lost";
    expect((await write("PUT", "/users/42", {})).status).toBe(504);
  });
});
