import { describe, expect, it } from "vitest";
import { increment, insert, update } from "../../src/spec/mutation.ts";
import { column, fresh, type Subject } from "./store-subject.ts";
import { events, follows, friendships, people, posts, shelves, visits } from "./store-tables.ts";

/** What every store promises of values that expire: when they are gone, and what a read says of the time left. */
export function expiryPromises(subject: () => Subject): void {
  describe("a TTL", () => {
    it("takes values, and the rows that hang on them, but nothing written without it", async () => {
      const [stream, author] = [fresh(), fresh()];
      const place = { tenant: "t", author, day: 1, section: "s", number: 1 };
      await subject().write(100, insert(events, { stream, at: 1, part: 1, kind: "brief" }, { ttlSeconds: 1 }));
      await subject().write(100, insert(events, { stream, at: 2, part: 1, kind: "stays" }));
      await subject().write(101, update(events, { stream, at: 2, part: 1 }, { kind: "brief" }, { ttlSeconds: 1 }));
      await subject().write(100, update(events, { stream, at: 3, part: 1 }, { kind: "long" }, { ttlSeconds: 1000 }));
      await subject().write(100, insert(posts, { ...place, body: "stays" }));
      await subject().write(100, update(posts, { tenant: "t", author }, { title: "brief" }, { ttlSeconds: 1 }));
      await subject().elapse(2100);
      const rows = await subject().rows(events, { stream });
      expect(rows).toMatchObject([
        { at: 3, kind: "long" },
        { at: 2, kind: null }, // the brief value had replaced the one that would have stayed
      ]);
      expect(await subject().row(posts, place)).toMatchObject({ body: "stays", title: null });
      expect(await subject().write(1, insert(events, { stream, at: 1, part: 1 }, { ifNotExists: true }))).toEqual({
        applied: true,
      });
    });

    it("takes the parts of a collection that were written with it", async () => {
      const key = { id: fresh(), slot: 1 };
      await subject().write(100, insert(shelves, { ...key, sizes: [1], names: ["a"], note: "stays" }));
      await subject().write(100, update(shelves, key, { sizes: [2], names: ["b"] }, { ttlSeconds: 1 }));
      expect(await subject().row(shelves, key)).toMatchObject({ sizes: [1, 2], names: ["a", "b"] });
      await subject().elapse(2100);
      expect(await subject().row(shelves, key)).toMatchObject({ sizes: [1], names: ["a"] });
    });

    it("makes the value win over one without it, written with the same timestamp", async () => {
      const key = { stream: fresh(), at: 1, part: 1 };
      await subject().write(100, update(events, key, { kind: "a" }, { ttlSeconds: 1000 }));
      await subject().write(100, update(events, key, { kind: "b" }));
      expect(await subject().row(events, key)).toMatchObject({ kind: "a" });
      await subject().write(100, update(events, key, { kind: "0" }, { ttlSeconds: 2000 }));
      expect(await subject().row(events, key)).toMatchObject({ kind: "0" });
    });
  });

  describe("a read tells of expiry", () => {
    it("the least time that is left, never more than it is", async () => {
      const [stream, author] = [fresh(), fresh()];
      await subject().write(100, insert(events, { stream, at: 1, part: 1, kind: "a" }, { ttlSeconds: 1000 }));
      await subject().write(100, insert(events, { stream, at: 2, part: 1, kind: "b" }, { ttlSeconds: 500 }));
      await subject().write(100, insert(events, { stream, at: 3, part: 1, kind: "c" }));
      await expectExpiry(subject(), { kind: "rows", table: events, where: { stream } }, 500);
      await expectExpiry(subject(), { kind: "row", table: events, where: { stream, at: 1, part: 1 } }, 1000);
      await expectExpiry(subject(), { kind: "row", table: events, where: { stream, at: 3, part: 1 } }, undefined);
      const place = { tenant: "t", author, day: 1, section: "s", number: 1 };
      await subject().write(100, insert(posts, { ...place, body: "b" }));
      await subject().write(100, update(posts, { tenant: "t", author }, { title: "t" }, { ttlSeconds: 300 }));
      await expectExpiry(subject(), { kind: "row", table: posts, where: place }, 300);
    });

    it("nothing where nothing can expire", async () => {
      const id = fresh();
      await subject().write(
        100,
        insert(people, { id, tags: ["t"] }),
        insert(friendships, { user_id: id, friend_id: 1 }),
      );
      await subject().write(1, increment(visits, { page: `p${id}`, day: 1 }, { views: 1 }));
      const known = { expiresInMs: undefined, expiryKnown: true };
      expect(await subject().read({ kind: "row", table: people, where: { id } })).toMatchObject(known);
      expect(await subject().read({ kind: "count", table: friendships, where: { user_id: id } })).toMatchObject(known);
      expect(await subject().read({ kind: "rows", table: visits, where: { page: `p${id}` } })).toMatchObject(known);
      expect(await subject().read({ kind: "row", table: events, where: { stream: id, at: 1, part: 1 } })).toMatchObject(
        known,
      );
    });

    it("that it is not known: of bare keys, of counts, of collections with something in them", async () => {
      const id = fresh();
      await subject().write(100, insert(follows, { who: id, whom: 1 }), insert(events, { stream: id, at: 1, part: 1 }));
      await subject().write(
        100,
        insert(shelves, { id, slot: 1, sizes: [1], note: "n" }),
        insert(shelves, { id, slot: 2, note: "n" }),
      );
      const unknown = { expiryKnown: false };
      expect(await subject().read({ kind: "rows", table: follows, where: { who: id } })).toMatchObject(unknown);
      expect(await subject().read({ kind: "count", table: events, where: { stream: id } })).toMatchObject(unknown);
      expect(await subject().read({ kind: "row", table: events, where: { stream: id, at: 1, part: 1 } })).toMatchObject(
        unknown,
      );
      expect(await subject().read({ kind: "row", table: shelves, where: { id, slot: 1 } })).toMatchObject(unknown);
      const noCollection = await subject().read({ kind: "row", table: shelves, where: { id, slot: 2 } });
      expect(noCollection).toMatchObject({ expiryKnown: true, expiresInMs: undefined });
      expect(column(noCollection.rows, "sizes")).toEqual([null]);
    });
  });
}

/** At most the seconds given, and not much less. */
async function expectExpiry(
  subject: Subject,
  plan: Parameters<Subject["read"]>[0],
  seconds: number | undefined,
): Promise<void> {
  const { expiresInMs, expiryKnown } = await subject.read(plan);
  expect(expiryKnown).toBe(true);
  if (seconds === undefined) expect(expiresInMs).toBeUndefined();
  else {
    expect(expiresInMs).toBeLessThanOrEqual(seconds * 1000);
    expect(expiresInMs).toBeGreaterThan(seconds * 1000 - 10_000);
  }
}
