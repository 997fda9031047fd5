import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { insert, remove, removePartition, removeRange, update } from "../../src/spec/mutation.ts";
import { storeConformance } from "./store.conformance.ts";
import { type StoreUnderTest, Subject } from "./store-subject.ts";
import { events, friendships, people, shelves, tables } from "./store-tables.ts";

storeConformance("memory", async () => open());

describe("the memory store", () => {
  it("takes any table where it is given none", async () => {
    const subject = new Subject({ ...open(), store: createMemoryStore({ clock: stoppedClock() }) });
    expect(await subject.row(people, { id: 1 })).toBeUndefined();
    await subject.write(1, insert(people, { id: 1 }));
    expect(await subject.count(people, { id: 1 })).toBe(1);
    expect(await subject.store.compareSchema(tables)).toEqual([]);
  });

  it("forgets tombstones after their grace, and from then on a late write shows", async () => {
    const store = createMemoryStore({ clock: stoppedClock(), tombstones: { graceMs: 0, max: 10 } });
    const subject = new Subject({ ...open(), store });
    await subject.write(200, remove(people, { id: 1 }));
    await subject.write(100, insert(people, { id: 1, name: "late" }));
    expect(await subject.row(people, { id: 1 })).toBeUndefined();
    for (let id = 2; id < 10; id++) await subject.write(200, remove(people, { id }));
    await subject.write(100, insert(people, { id: 1, name: "later" }));
    expect(await subject.row(people, { id: 1 })).toMatchObject({ name: "later" });
  });

  it("keeps no more dead rows than its limit and a half, however long their grace, and no live one less", async () => {
    const store = createMemoryStore({ clock: stoppedClock(), tombstones: { max: 100 } });
    const subject = new Subject({ ...open(), store });
    await subject.write(1, insert(people, { id: -1, name: "stays" }));
    for (let id = 0; id < 1000; id++) {
      await subject.write(1, insert(friendships, { user_id: id, friend_id: 1 }));
      await subject.write(2, removeRange(friendships, { user_id: id }, { gte: 1 }));
      await subject.write(1, update(people, { id }, { name: null }));
      await subject.write(1, insert(shelves, { id, slot: 1, sizes: [1] }));
      await subject.write(2, remove(shelves, { id, slot: 1 }));
    }
    expect(store.size).toBeLessThanOrEqual(151);
    expect(await subject.row(people, { id: -1 })).toMatchObject({ name: "stays" });
  });

  it("makes no row for a write that comes too late for all of it", async () => {
    const store = createMemoryStore({ clock: stoppedClock() });
    const subject = new Subject({ ...open(), store });
    await subject.write(200, removePartition(friendships, { user_id: 1 }));
    for (let friend_id = 0; friend_id < 9; friend_id++) {
      await subject.write(100, insert(friendships, { user_id: 1, friend_id, since: new Date(0) }));
      await subject.write(100, remove(friendships, { user_id: 1, friend_id }));
    }
    expect(store.size).toBe(0);
  });

  it("lets a value go in the very second that its TTL is over", async () => {
    let wallMs = 10_900;
    const clock: Clock = { now: () => ({ monotonicMs: 0, wallMs }), after: () => ({ cancel: () => {} }) };
    const subject = new Subject({ ...open(), store: createMemoryStore({ clock }) });
    const key = { stream: 1, at: 1, part: 1 };
    await subject.write(1, update(events, key, { kind: "k" }, { ttlSeconds: 2 }));
    expect(await subject.read({ kind: "row", table: events, where: key })).toMatchObject({ expiresInMs: 1_100 });
    wallMs = 11_999;
    expect(await subject.read({ kind: "row", table: events, where: key })).toMatchObject({ count: 1, expiresInMs: 1 });
    wallMs = 12_000;
    expect(await subject.row(events, key)).toBeUndefined();
  });

  it("forgets what has expired, and keeps what will", async () => {
    let wallMs = 0;
    const clock: Clock = { now: () => ({ monotonicMs: 0, wallMs }), after: () => ({ cancel: () => {} }) };
    const store = createMemoryStore({ clock, tombstones: { graceMs: 0, max: 40 } });
    const subject = new Subject({ ...open(), store });
    for (let at = 0; at < 10; at++) {
      await subject.write(1, insert(events, { stream: 1, at, part: 0, kind: "k" }, { ttlSeconds: at < 5 ? 1 : 100 }));
    }
    wallMs = 50_000;
    expect(await subject.count(events, { stream: 1 })).toBe(5);
    expect(store.size).toBe(10);
    await subject.write(1, remove(people, { id: 1 }));
    expect(store.size).toBe(5);
  });

  it("leaves rows in order and none out, whatever order they are written and deleted in", async () => {
    const subject = new Subject(open());
    const friends = Array.from({ length: 5003 }, (_, i) => (i * 2711) % 5003);
    for (const friend_id of friends) await subject.write(1, insert(friendships, { user_id: 1, friend_id }));
    await subject.write(2, removeRange(friendships, { user_id: 1 }, { gte: 1000, lt: 3000 }));
    const expected = Array.from({ length: 5003 }, (_, i) => i).filter((i) => i < 1000 || i >= 3000);
    const rows = await subject.rows(friendships, { user_id: 1 });
    expect(rows.map(({ friend_id }) => friend_id)).toEqual(expected);
    const page = await subject.rows(friendships, { user_id: 1 }, { after: { friend_id: 998 }, limit: 2 });
    expect(page.map(({ friend_id }) => friend_id)).toEqual([999, 3000]);
  });
});

function open(): StoreUnderTest {
  let passedMs = 0;
  const clock: Clock = {
    now: () => ({ monotonicMs: passedMs, wallMs: Date.now() + passedMs }),
    after: () => ({ cancel: () => {} }),
  };
  const store = createMemoryStore({ clock, tables });
  const elapse = async (ms: number): Promise<void> => {
    passedMs += ms;
  };
  return { store, elapse, close: () => store.close() };
}

function stoppedClock(): Clock {
  return { now: () => ({ monotonicMs: 0, wallMs: 1_000_000 }), after: () => ({ cancel: () => {} }) };
}
