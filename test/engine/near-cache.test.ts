import { describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { friendships, messages, users } from "../../schema/social.ts";
import { ListTooLongError, OverloadedError } from "../../src/engine/errors.ts";
import { defineKeys, insert, int, key, remove, removePartition, truncate, update } from "../../src/index.ts";
import { provenStack } from "./stack.ts";

const ada = insert(users, { id: 42, name: "Ada" });
const befriend = (friend_id: number) => insert(friendships, { user_id: 42, friend_id });

describe("reads come from memory", () => {
  it("the second read of a row is a hit, and reads nothing from the database", async () => {
    const { a, writer, store } = await provenStack();
    await writer.write(ada);
    expect((await a.cache.answer(keys.user, { id: 42 })).source).toBe("miss");
    const readsBefore = store.reads;
    const again = await a.cache.answer(keys.user, { id: 42 });
    expect(again).toMatchObject({ source: "hit", value: { id: 42, name: "Ada" } });
    expect(store.reads).toBe(readsBefore);
  });

  it("a row that is not there is remembered as absent, until it is written", async () => {
    const { a, writer, clock } = await provenStack();
    expect(await a.cache.get(keys.user, { id: 42 })).toBeUndefined();
    expect((await a.cache.answer(keys.user, { id: 42 })).source).toBe("hit");
    await writer.write(ada);
    await clock.settle();
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Ada");
  });

  it("peek answers at once, from memory or not at all", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(ada);
    expect(a.cache.peek("users_42", clock.now())).toBeUndefined();
    await a.cache.get(keys.user, { id: 42 });
    expect(a.cache.peek("users_42", clock.now())?.value).toMatchObject({ name: "Ada" });
  });

  it("what is handed out cannot be changed", async () => {
    const { a, writer } = await provenStack();
    await writer.write([ada, befriend(7)]);
    const list = await a.cache.get(keys.friends, { id: 42 });
    const names = await a.cache.get(keys.friendNames, { id: 42 });
    expect(Object.isFrozen(list) && Object.isFrozen(list[0]) && Object.isFrozen(names)).toBe(true);
  });

  it("a thousand readers of one cold key make one read", async () => {
    const { a, writer, store } = await provenStack();
    await writer.write(ada);
    const readsBefore = store.reads;
    await Promise.all(Array.from({ length: 1_000 }, () => a.cache.get(keys.user, { id: 42 })));
    expect(store.reads - readsBefore).toBe(1);
  });

  it("getMany keeps the order asked, and reads only what is missing", async () => {
    const { a, writer, store } = await provenStack();
    await writer.write([1, 2, 3].map((id) => insert(users, { id, name: `n${id}` })));
    await a.cache.get(keys.user, { id: 2 });
    const readsBefore = store.reads;
    const found = await a.cache.getMany(keys.user, [{ id: 3 }, { id: 2 }, { id: 9 }, { id: 1 }]);
    expect(found.map((user) => user?.name)).toEqual(["n3", "n2", undefined, "n1"]);
    expect(store.reads - readsBefore).toBe(3);
  });

  it("memory stays within its bound: the least recently used go", async () => {
    const { a, writer } = await provenStack({ cache: { maxBytes: 5_000 } });
    for (let id = 0; id < 50; id++) await writer.write(insert(users, { id, name: "x".repeat(50) }));
    for (let id = 0; id < 50; id++) await a.cache.get(keys.user, { id });
    const { bytes, entries, evictions } = a.cache.statistics();
    expect(bytes).toBeLessThanOrEqual(5_000);
    expect(entries).toBeGreaterThan(0);
    expect(evictions.size).toBe(50 - entries);
  });
});

describe("a write is seen", () => {
  it("by every frontend, as soon as its keys are applied", async () => {
    const { a, b, writer, clock } = await provenStack();
    await writer.write(ada);
    for (const { cache } of [a, b]) await cache.get(keys.user, { id: 42 });
    await writer.write(update(users, { id: 42 }, { name: "Ada L." }));
    await clock.settle();
    for (const { cache } of [a, b]) expect((await cache.get(keys.user, { id: 42 }))?.name).toBe("Ada L.");
  });

  it("by a load that began before it: its value answers, and is not kept", async () => {
    const { a, writer, store, clock } = await provenStack();
    await writer.write(ada);
    store.faults.readDelayMs = 100;
    const early = a.cache.answer(keys.user, { id: 42 });
    await clock.settle();
    await writer.write(update(users, { id: 42 }, { name: "Ada L." }));
    await clock.advance(100);
    expect(await early).toMatchObject({ stored: false, detail: "raced", value: { name: "Ada" } });
    const late = a.cache.answer(keys.user, { id: 42 });
    await clock.advance(100);
    expect(await late).toMatchObject({ source: "miss", value: { name: "Ada L." } });
  });

  it("by lists, counts and views of what it changed", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write([ada, insert(users, { id: 7, name: "Bob" }), befriend(7)]);
    expect(await a.cache.get(keys.friendCount, { id: 42 })).toBe(1);
    expect(await a.cache.get(keys.friendNames, { id: 42 })).toEqual([{ id: 7, name: "Bob" }]);
    await writer.write([insert(users, { id: 8, name: "Cleo" }), befriend(8)]);
    await clock.settle();
    expect(await a.cache.get(keys.friendCount, { id: 42 })).toBe(2);
    await writer.write(update(users, { id: 7 }, { name: "Bobby" }));
    await clock.settle();
    const names = (await a.cache.get(keys.friendNames, { id: 42 })).map((friend) => friend.name);
    expect(names).toEqual(["Bobby", "Cleo"]);
  });

  it("when it deletes a row, a partition or a table", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write([befriend(7), befriend(8)]);
    const count = async () => {
      await clock.settle();
      const list = await a.cache.get(keys.friends, { id: 42 });
      const row = await a.cache.get(keys.friendship, { id: 42, friend: 8 });
      return [list.length, row !== undefined];
    };
    expect(await count()).toEqual([2, true]);
    await writer.write(remove(friendships, { user_id: 42, friend_id: 7 }));
    expect(await count()).toEqual([1, true]);
    await writer.write(removePartition(friendships, { user_id: 42 }));
    expect(await count()).toEqual([0, false]);
    await writer.write(befriend(8));
    expect(await count()).toEqual([1, true]);
    await writer.write(truncate(friendships));
    expect(await count()).toEqual([0, false]);
  });

  it("at once by the writer's own process, without the log", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    a.cache.touch({ keys: ["users_42"], partitions: [], tables: [], about: ["users"] });
    expect(a.cache.peek("users_42", clock.now())).toBeUndefined();
  });
});

describe("nothing outlives its time", () => {
  it("an entry ends with its TTL, early by at most a tenth", async () => {
    const short = key("users_{id}", { ttlMs: 10_000 }).row(users);
    const shortKeys = defineKeys({ short });
    const { a, clock } = await provenStack({ keys: shortKeys });
    await a.cache.get(short, { id: 1 });
    await clock.advance(8_900);
    expect(a.cache.peek("users_1", clock.now())).toBeDefined();
    await clock.advance(1_100);
    expect(a.cache.peek("users_1", clock.now())).toBeUndefined();
  });

  it("a hot entry is loaded anew before it ends, so that its readers never wait", async () => {
    const short = key("users_{id}", { ttlMs: 10_000 }).row(users);
    const { a, clock } = await provenStack({ keys: defineKeys({ short }) });
    await a.cache.get(short, { id: 1 });
    const sources = new Set<string>();
    for (let i = 0; i < 300; i++) {
      await clock.advance(100);
      sources.add((await a.cache.answer(short, { id: 1 })).source);
    }
    expect([...sources]).toEqual(["hit"]);
  });

  it("an entry ends when Cassandra lets one of its cells expire", async () => {
    const { a, writer, clock } = await provenStack();
    const message = { room: "r", day: "2026-11-21", sent_at: new Date(0), id: "00000000-0000-4000-8000-000000000001" };
    await writer.write(insert(messages, { ...message, sender_id: 42, body: "soon gone" }, { ttlSeconds: 5 }));
    expect(await a.cache.get(keys.messages, message)).toHaveLength(1);
    await clock.advance(6_000);
    expect(await a.cache.get(keys.messages, message)).toHaveLength(0);
  });

  it("a wall clock that was set forward ends entries, one that was set back keeps none longer", async () => {
    const short = key("users_{id}", { ttlMs: 60_000 }).row(users);
    const { a, clock } = await provenStack({ keys: defineKeys({ short }) });
    await a.cache.get(short, { id: 1 });
    clock.shiftWall(-3_600_000);
    await clock.advance(60_000);
    expect(a.cache.peek("users_1", clock.now())).toBeUndefined();
  });
});

describe("without proof nothing is served from memory", () => {
  it("a frontend that is cut off reads the database once its proof is older than the bound, and keeps nothing", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    a.log.disconnect();
    await writer.write(update(users, { id: 42 }, { name: "Ada L." }));
    await clock.advance(12_000);
    for (let i = 0; i < 2; i++) {
      expect(await a.cache.answer(keys.user, { id: 42 })).toMatchObject({
        source: "bypass",
        stored: false,
        value: { name: "Ada L." },
      });
    }
  });

  it("it serves from memory again when it has caught up, and what it missed is gone", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    a.log.disconnect();
    await writer.write(update(users, { id: 42 }, { name: "Ada L." }));
    await clock.advance(12_000);
    a.log.reconnect();
    await clock.advance(2_000);
    expect(await a.cache.answer(keys.user, { id: 42 })).toMatchObject({ source: "miss", value: { name: "Ada L." } });
    expect((await a.cache.answer(keys.user, { id: 42 })).source).toBe("hit");
  });

  it("a process that was paused does not think it is current", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    const { monotonicMs, wallMs } = clock.now();
    expect(a.cache.peek("users_42", { monotonicMs: monotonicMs + 11_000, wallMs: wallMs + 11_000 })).toBeUndefined();
    expect(a.cache.peek("users_42", { monotonicMs, wallMs: wallMs + 11_000 })).toBeUndefined();
  });

  it("a key that allows it is served for a while, and the answer says so", async () => {
    const { a, writer, clock } = await provenStack({ cache: { onUnproven: { labelMs: 5_000 } } });
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    a.log.disconnect();
    await clock.advance(12_000);
    expect(await a.cache.answer(keys.user, { id: 42 })).toMatchObject({ source: "unproven", detail: "unproven" });
    await clock.advance(5_000);
    expect((await a.cache.answer(keys.user, { id: 42 })).source).toBe("bypass");
  });
});

describe("what cannot be done is said", () => {
  it("a failed read fails its readers, and the next one reads again", async () => {
    const { a, writer, store } = await provenStack();
    await writer.write(ada);
    store.faults.failReads = true;
    await expect(a.cache.get(keys.user, { id: 42 })).rejects.toMatchObject({ code: "E_STORE_READ" });
    store.faults.failReads = false;
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Ada");
  });

  it("more reads than may wait are refused, the others are served", async () => {
    const { a, store, clock } = await provenStack({ cache: { maxReads: 1, maxWaitingReads: 2 } });
    store.faults.readDelayMs = 10;
    const reads = Promise.allSettled([1, 2, 3, 4, 5].map((id) => a.cache.get(keys.user, { id })));
    await clock.advance(100);
    const refused = (await reads).flatMap((r) => (r.status === "rejected" ? [r.reason] : []));
    expect(refused).toHaveLength(2);
    expect(refused.every((error) => error instanceof OverloadedError)).toBe(true);
  });

  it("a list over its bound is not handed out whole, but page by page", async () => {
    const few = key("users_{id}_friends", { maxRows: 3 }).rows(friendships, { user_id: "id" });
    const { a, writer, store } = await provenStack({ keys: defineKeys({ few }) });
    await writer.write([1, 2, 3, 4, 5].map(befriend));
    await expect(a.cache.get(few, { id: 42 })).rejects.toBeInstanceOf(ListTooLongError);
    const ids = async (limit: number, after?: number) => {
      const page = await a.cache.page(
        few,
        { id: 42 },
        { limit, after: after === undefined ? undefined : { friend_id: after } },
      );
      return [page.value, page.next?.friend_id, page.source]
        .flat()
        .map((x) => (typeof x === "object" ? Object.values(x ?? {})[1] : x));
    };
    expect(await ids(2)).toEqual([1, 2, 2, "hit"]);
    const readsBefore = store.reads;
    expect(await ids(1, 2)).toEqual([3, 3, "hit"]);
    expect(store.reads).toBe(readsBefore);
    expect(await ids(2, 3)).toEqual([4, 5, undefined, "miss"]);
  });

  it("a key that was not declared is refused: no write would announce it", async () => {
    const stranger = key("strangers_{id}").row(users);
    const { a } = await provenStack();
    await expect(a.cache.get(stranger, { id: 1 })).rejects.toMatchObject({ code: "E_UNDECLARED_KEY" });
  });

  it("views that read each other in a circle end with an error, however they wait for each other", async () => {
    type Loop = ReturnType<typeof loopOf>;
    const loopOf = (name: "a" | "b", other: () => unknown) =>
      key(`loop${name}_{id}`, { ttlMs: 1_000 }).view({ id: int }, async ({ id }, read): Promise<number> => {
        await Promise.resolve();
        return read(other() as Loop, { id });
      });
    const first: Loop = loopOf("a", () => second);
    const second: Loop = loopOf("b", () => first);
    const { a, clock } = await provenStack({ keys: defineKeys({ first, second }) });
    const both = Promise.allSettled([a.cache.get(first, { id: 1 }), a.cache.get(second, { id: 1 })]);
    await clock.advance(31_000);
    expect((await both).map((r) => r.status === "rejected" && r.reason.code)).toEqual(["E_VIEW", "E_VIEW"]);
  });
});
