import { describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { friendships, messages, users } from "../../schema/social.ts";
import { createNearCache } from "../../src/engine/create-near-cache.ts";
import { ClosedError, OverloadedError } from "../../src/engine/errors.ts";
import { untyped } from "../../src/engine/wanted.ts";
import { defineKeys, insert, int, key, update } from "../../src/index.ts";
import { StoreReadError } from "../../src/ports/store-errors.ts";
import { createFaultyStore, createSeededEntropy, createVirtualClock } from "../../src/testing/index.ts";
import { provenStack } from "./stack.ts";

const ada = insert(users, { id: 42, name: "Ada" });
const befriend = (friend_id: number) => insert(friendships, { user_id: 42, friend_id });

describe("a load asks the database no more than it was asked for", () => {
  it("an early load that fails is not tried again by every hit", async () => {
    const short = key("users_{id}", { ttlMs: 60_000 }).row(users);
    const entropy = { ...createSeededEntropy(1), fraction: () => 0 };
    const { a, store, clock } = await provenStack({ keys: defineKeys({ short }), entropy });
    await clock.advance(45_000); // past the window of a young log, whose end is a touch
    await a.cache.get(short, { id: 1 });
    store.faults.failReads = true;
    await clock.advance(54_000);
    const readsBefore = store.reads;
    for (let i = 0; i < 200; i++) {
      await a.cache.get(short, { id: 1 });
      await clock.settle();
    }
    expect(store.reads - readsBefore).toBe(1);
  });

  it("an early load that brings what may not be kept drops what was held: it is older", async () => {
    const one = key("users_{id}").row(users);
    const { a, writer, clock, store } = await provenStack({ keys: defineKeys({ one }), cache: { maxBytes: 3_000 } });
    await writer.write(ada);
    await a.cache.get(one, { id: 42 });
    // Past nearkey, so that nothing announces it.
    await store.write([update(users, { id: 42 }, { name: "x".repeat(3_000) })], {
      timestampMicros: clock.now().wallMs * 2_000,
      deadlineMs: 1_000,
    });
    expect((await a.cache.refresh(one, { id: 42 }))?.name).toHaveLength(3_000);
    expect((await a.cache.get(one, { id: 42 }))?.name).toHaveLength(3_000);
  });

  it("a read that waited for its turn as long as one may take is refused, so that none waits for ever", async () => {
    const { a, store, clock } = await provenStack({ cache: { maxReads: 1, readDeadlineMs: 1_000 } });
    const late = Object.assign(new Error(), { name: "late" });
    Object.assign(store, {
      read: (_plan: unknown, { deadlineMs }: { deadlineMs: number }) =>
        new Promise(
          (_resolve, reject) =>
            void clock.after(deadlineMs, () => reject(new StoreReadError("late", "", { cause: late }))),
        ),
    });
    const reads = [1, 2, 3, 4, 5, 6].map((id) => a.cache.get(keys.user, { id }));
    const ended = Promise.allSettled(reads);
    let settled = 0;
    for (const read of reads) read.catch(() => {}).finally(() => settled++);
    await clock.advance(3_100);
    expect(settled).toBe(6);
    const errors = (await ended).map((r) => r.status === "rejected" && r.reason);
    expect(errors.filter((error) => error instanceof OverloadedError).length).toBeGreaterThanOrEqual(3);
  });

  it("a view whose time is over reads nothing more", async () => {
    let reads = 0;
    const slow = key("slow_{id}", { ttlMs: 60_000 }).view({ id: int }, async ({ id }, read) => {
      for (;;) {
        await new Promise<void>((resolve) => void clock.after(1_000, resolve));
        await read(user, { id });
        reads++;
      }
    });
    const user = key("users_{id}").row(users);
    const clock = createVirtualClock();
    const { a } = await provenStack({ keys: defineKeys({ slow, user }), clock });
    const failing = expect(a.cache.get(slow, { id: 1 })).rejects.toMatchObject({ code: "E_VIEW" });
    await clock.advance(31_000);
    await failing;
    const atEnd = reads;
    await clock.advance(60_000);
    expect(reads).toBe(atEnd);
  });
});

describe("a view is no younger than what it read", () => {
  it("it ends with the TTL of a view that it read", async () => {
    const source = { value: 1 };
    const inner = key("inner_{id}", { ttlMs: 5_000 }).view({ id: int }, async () => source.value);
    const outer = key("outer_{id}", { ttlMs: 3_600_000 }).view({ id: int }, ({ id }, read) => read(inner, { id }));
    const { a, clock } = await provenStack({ keys: defineKeys({ inner, outer }) });
    expect(await a.cache.get(outer, { id: 1 })).toBe(1);
    source.value = 2;
    await clock.advance(5_000);
    expect(await a.cache.get(outer, { id: 1 })).toBe(2);
  });

  it("it ends with the cells that it read, also where the machine slept before it read them", async () => {
    const room = { room: "r", day: "2026-11-21" };
    const view = key("view_{id}", { ttlMs: 60_000 }).view({ id: int }, (_of, read) => read(keys.messages, room));
    const { a, writer, clock } = await provenStack({ keys: defineKeys({ messages: keys.messages, view }) });
    const message = { ...room, sent_at: new Date(0), id: "00000000-0000-4000-8000-000000000001", sender_id: 42 };
    await writer.write(insert(messages, { ...message, body: "soon gone" }, { ttlSeconds: 9 }));
    await a.cache.get(keys.messages, room);
    clock.shiftWall(6_000);
    await clock.advance(1_100); // a new proof
    expect(await a.cache.get(view, { id: 42 })).toHaveLength(1);
    clock.shiftWall(1_000);
    await clock.advance(1_100);
    expect(await a.cache.get(view, { id: 42 })).toHaveLength(0);
  });

  it("an answer says how old it can be: of a load since its start, of a view as old as what it read from memory", async () => {
    const { a, writer, store, clock } = await provenStack();
    await writer.write([ada, insert(users, { id: 7, name: "Bob" }), befriend(7)]);
    store.faults.readDelayMs = 400;
    const loading = a.cache.answer(keys.user, { id: 7 });
    await clock.advance(400);
    expect((await loading).ageMs).toBe(400);
    await clock.advance(300);
    const proofAgeMs = a.cache.proofAgeMs(clock.now());
    expect(proofAgeMs).toBeGreaterThan(0);
    const view = a.cache.answer(keys.friendNames, { id: 42 });
    await clock.advance(400);
    expect((await view).ageMs).toBeGreaterThanOrEqual(400);
  });
});

describe("a list is paged to its declared end", () => {
  it("a list of its first n is whole whatever the bound, and ends with its nth row", async () => {
    const first = key("users_{id}_friends_first", { maxRows: 2 }).rows(friendships, { user_id: "id" }).first(4);
    const { a, writer } = await provenStack({ keys: defineKeys({ first }) });
    await writer.write([1, 2, 3, 4, 5, 6].map(befriend));
    expect((await a.cache.get(first, { id: 42 })).map((f) => f.friend_id)).toEqual([1, 2, 3, 4]);
    const page = await a.cache.page(first, { id: 42 }, { limit: 3, after: { friend_id: 2 } });
    expect(page.value).toMatchObject([{ friend_id: 3 }, { friend_id: 4 }]);
    expect(page.next).toBeUndefined();
  });

  it("a page of no rows, or of what is not a list, is refused before anything is read", async () => {
    const { a, store } = await provenStack();
    const readsBefore = store.reads;
    for (const limit of [0, -1, 1.5, Number.NaN])
      await expect(a.cache.page(keys.friends, { id: 1 }, { limit, after: undefined })).rejects.toMatchObject({
        code: "E_SPEC",
      });
    await expect(a.cache.page(keys.user, { id: 1 }, { limit: 1, after: undefined })).rejects.toMatchObject({
      code: "E_SPEC",
    });
    expect(store.reads).toBe(readsBefore);
  });
});

describe("nothing is left behind", () => {
  it("a view that was too large to keep gives back the room of its dependencies", async () => {
    const user = key("users_{id}").row(users);
    const big = key("big_{id}", { ttlMs: 60_000 }).view({ id: int }, async ({ id }, read) => {
      await read(user, { id });
      return "x".repeat(5_000);
    });
    const small = key("small_{id}", { ttlMs: 60_000 }).view(
      { id: int },
      async ({ id }, read) => (await read(user, { id }))?.name,
    );
    const settings = { maxDependencies: 8 };
    const { a } = await provenStack({ keys: defineKeys({ user, big, small }), cache: { maxBytes: 6_000, settings } });
    for (let id = 0; id < 10; id++) {
      expect(await a.cache.answer(big, { id })).toMatchObject({ stored: false, detail: "too-large" });
    }
    expect((await a.cache.answer(small, { id: 1 })).stored).toBe(true);
  });

  it("a key that was not declared is refused, also where a declared one has the same text", async () => {
    const stranger = key("users_{id}").row(users);
    const { a } = await provenStack();
    await a.cache.get(keys.user, { id: 1 });
    await expect(a.cache.get(stranger, { id: 1 })).rejects.toMatchObject({ code: "E_UNDECLARED_KEY" });
  });

  it("statistics are of their moment", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    const before = a.cache.statistics();
    await writer.write(ada);
    await clock.settle();
    expect(before.evictions.invalidated).toBe(0);
    expect(a.cache.statistics().evictions.invalidated).toBe(1);
  });
});

describe("a closed cache", () => {
  it("lets loads under way end, and keeps nothing of them", async () => {
    const { a, writer, store, clock } = await provenStack();
    await writer.write(ada);
    store.faults.readDelayMs = 100;
    const loading = a.cache.answer(keys.user, { id: 42 });
    await clock.settle();
    await a.cache.close();
    await clock.advance(100);
    expect(await loading).toMatchObject({ stored: false, detail: "closed", value: { name: "Ada" } });
    expect(a.cache.statistics()).toMatchObject({ entries: 0, loading: 0 });
    expect(a.cache.peek("users_42", clock.now())).toBeUndefined();
  });

  it("refuses what is asked of it, and to be started again; closing it twice is closing it", async () => {
    const { a } = await provenStack();
    await a.cache.close();
    await a.cache.close();
    await expect(a.cache.get(keys.user, { id: 42 })).rejects.toBeInstanceOf(ClosedError);
    expect(() => a.cache.start()).toThrow(ClosedError);
  });

  it("leaves no timer, and whoever waits for it to be ready is told", async () => {
    const timers = new Set<object>();
    const inner = createVirtualClock();
    const clock: typeof inner = {
      ...inner,
      after: (delayMs, run) => {
        const timer = inner.after(delayMs, () => {
          timers.delete(timer);
          run();
        });
        timers.add(timer);
        return {
          cancel: () => {
            timers.delete(timer);
            timer.cancel();
          },
        };
      },
    };
    const stack = await provenStack({ clock });
    stack.a.log.disconnect();
    stack.writerLog.disconnect();
    await expect(stack.writer.write(ada)).rejects.toThrow();
    stack.a.cache.start(); // once more does nothing
    await clock.advance(10_000);
    await stack.close();
    await clock.advance(15_000);
    expect(timers.size).toBe(0);
  });

  it("tells those who wait for it to be ready", async () => {
    const { log, store, clock } = await provenStack();
    const cut = log.connect();
    cut.disconnect();
    const cache = createNearCache({ keys, store, log: cut, clock, entropy: createSeededEntropy(9) });
    cache.start();
    const ready = cache.whenReady(600_000);
    await cache.close();
    expect(await ready).toBe(false);
  });
});

describe("the faulty store", () => {
  it("wraps a store that is a class, and drops a late write that comes after the end", async () => {
    const clock = createVirtualClock();
    class Inner {
      async read(): Promise<never> {
        throw new StoreReadError("no", "no");
      }
      async write(): Promise<never> {
        throw new StoreReadError("closed", "closed");
      }
      async compareSchema() {
        return [];
      }
      async checkLevels() {
        return { overlap: true, words: "" };
      }
      async ping() {}
      async close() {}
    }
    const store = createFaultyStore(new Inner(), clock);
    await store.ping({ deadlineMs: 1 });
    store.faults.writes = "late";
    await expect(store.write([], { timestampMicros: 1, deadlineMs: 1 })).rejects.toThrow();
    await clock.advance(2_000); // an unhandled rejection would fail this run
    await store.close();
  });
});

describe("how old an answer can be", () => {
  it("a weak read is as old as the last proof: its replica may lack what this frontend has not heard of", async () => {
    const { a, clock } = await provenStack({ cache: { consistency: "weak" } });
    await clock.advance(45_000); // past the window of a young log, in which reads are strong
    a.log.disconnect();
    await clock.advance(5_000);
    const { source, coherent, ageMs } = await a.cache.answer(untyped(keys.user), { id: 42 });
    expect({ source, coherent }).toEqual({ source: "miss", coherent: false });
    expect(ageMs).toBe(a.cache.proofAgeMs(clock.now()));
    expect(ageMs).toBeGreaterThan(4_000);
  });
});
