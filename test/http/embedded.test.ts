import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineKeys, insert, key } from "../../src/index.ts";
import { embeddedOverHttp } from "./embedded-over-http.ts";
import type { Reply } from "./server.ts";
import { friendships, rooms, tags, users } from "./social.ts";

const status = (reply: Reply): unknown => [
  reply.status,
  reply.headers["cache-status"]?.toString().replace(/ttl=\d+/, "ttl"),
];
const HIT = "nearkey; hit; ttl";
const LOADED = "nearkey; fwd=uri-miss; stored";

describe("a row", () => {
  test("is loaded once, then served from memory, until it is written", async () => {
    const { get, write, store } = await embeddedOverHttp();
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
    const { get, write } = await embeddedOverHttp();
    expect(status(await get("/users/7"))).toEqual([404, LOADED]);
    expect(status(await get("/users/7"))).toEqual([404, HIT]);
    await write("PUT", "/users/7", { name: "Ada" });
    expect(status(await get("/users/7"))).toEqual([200, LOADED]);
  });

  test("that is put loses the columns that the body leaves out", async () => {
    const { get, write } = await embeddedOverHttp();
    await write("PUT", "/users/42", { name: "Ada", email: "a@b.c" });
    await write("PUT", "/users/42", { name: "Ada" });
    expect(JSON.parse((await get("/users/42")).text)).toEqual({ id: 42, name: "Ada", email: null });
    await write("PATCH", "/users/42", { email: "x" });
    expect(JSON.parse((await get("/users/42")).text)).toEqual({ id: 42, name: "Ada", email: "x" });
    await write("DELETE", "/users/42");
    expect((await get("/users/42")).status).toBe(404);
  });

  test("is written on a condition only where it holds", async () => {
    const { get, write } = await embeddedOverHttp();
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
    const { get, write } = await embeddedOverHttp();
    const written = await write("PUT", "/users/42", {});
    const read = await get("/users/42");
    const sequenceOf = (reply: Reply): number => Number(String(reply.headers["nearkey-position"]).split(".").at(-1));
    expect(sequenceOf(read)).toBeGreaterThanOrEqual(sequenceOf(written));
  });
});

describe("a list", () => {
  test("changes with its rows, by itself, by count, by batch and by partition", async () => {
    const { get, write } = await embeddedOverHttp();
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
    const { get, writer, clock } = await embeddedOverHttp({ keys: bounded });
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
    const { get, writer, clock } = await embeddedOverHttp();
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
    const { get, writer, clock } = await embeddedOverHttp();
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
    const { get, write, frontendLog, clock } = await embeddedOverHttp();
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
    const { get, frontendLog, clock } = await embeddedOverHttp({ keys: lenient });
    await get("/users/42");
    frontendLog.disconnect();
    await clock.advance(11_000);
    const reply = await get("/users/42");
    expect(status(reply)).toEqual([404, `${HIT}; detail=unproven`]);
    expect(Number(reply.headers.age)).toBeGreaterThan(10);
  });

  test("nothing is written, and that is said", async () => {
    const { write, writerLog, clock, get } = await embeddedOverHttp();
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
    const { get, write, store } = await embeddedOverHttp();
    await write("PUT", "/users/42", { name: "Ada" });
    await get("/users/42");
    store.faults.failReads = true;
    expect(status(await get("/users/42"))).toEqual([200, HIT]);
    const reply = await get("/users/43");
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([503, { code: "E_STORE_READ", key: "users_43" }]);
  });

  test("a write that was refused is 503, and one of unknown outcome 504", async () => {
    const { write, store } = await embeddedOverHttp();
    store.faults.writes = "refused";
    expect((await write("PUT", "/users/42", {})).status).toBe(503);
    store.faults.writes = "lost";
    expect((await write("PUT", "/users/42", {})).status).toBe(504);
  });
});
