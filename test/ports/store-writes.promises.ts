import { describe, expect, it } from "vitest";
import { insert, remove, removePartition, removeRange, truncate, update } from "../../src/spec/mutation.ts";
import { column, fresh, type Subject } from "./store-subject.ts";
import { events, follows, friendships, people, posts, shelves } from "./store-tables.ts";

/** What every store promises of unconditional writes: which of two stays, and what a delete reaches. */
export function writePromises(subject: () => Subject): void {
  describe("timestamps", () => {
    it("decide which value stays: one written with an older timestamp never hides a newer one", async () => {
      const id = fresh();
      await subject().write(200, insert(people, { id, name: "new" }));
      await subject().write(100, insert(people, { id, name: "old", email: "old" }));
      expect(await subject().row(people, { id })).toMatchObject({ name: "new", email: "old" });
      await subject().write(201, update(people, { id }, { name: "newer" }));
      expect(await subject().row(people, { id })).toMatchObject({ name: "newer" });
    });

    it("that are equal leave the value of the larger bytes, whichever came last", async () => {
      const [id, user_id] = [fresh(), fresh()];
      for (const name of ["a", "c", "b"]) await subject().write(100, update(people, { id }, { name }));
      expect(await subject().row(people, { id })).toMatchObject({ name: "c" });
      const since = ["1969-12-31T00:00:00.000Z", "2026-11-21T00:00:00.000Z"]; // before 1970 the first byte is 0xff
      for (const each of since) await subject().write(100, insert(friendships, { user_id, friend_id: 1, since: each }));
      expect(await subject().row(friendships, { user_id, friend_id: 1 })).toMatchObject({ since: since[0] });
    });

    it("that are equal leave the delete, whichever came last", async () => {
      const [first, second] = [fresh(), fresh()];
      await subject().write(100, update(people, { id: first }, { name: null }));
      await subject().write(100, update(people, { id: first }, { name: "x", email: "kept" }));
      expect(await subject().row(people, { id: first })).toMatchObject({ name: null, email: "kept" });
      await subject().write(100, insert(people, { id: second, name: "x" }));
      await subject().write(100, remove(people, { id: second }));
      expect(await subject().row(people, { id: second })).toBeUndefined();
      await subject().write(100, insert(people, { id: second, name: "x" }));
      expect(await subject().row(people, { id: second })).toBeUndefined();
    });

    it("are one for a batch, which is done whole", async () => {
      const [a, b] = [fresh(), fresh()];
      await subject().write(150, insert(people, { id: a, name: "kept" }));
      const { applied } = await subject().write(
        100,
        insert(people, { id: a, name: "late", email: "a" }),
        insert(people, { id: b, name: "B" }),
        insert(friendships, { user_id: b, friend_id: a }),
      );
      expect(applied).toBe(true);
      expect(await subject().row(people, { id: a })).toMatchObject({ name: "kept", email: "a" });
      expect(await subject().row(people, { id: b })).toMatchObject({ name: "B" });
      expect(await subject().count(friendships, { user_id: b })).toBe(1);
    });
  });

  describe("a row", () => {
    it("made by an insert stays when all its columns become null", async () => {
      const id = fresh();
      await subject().write(100, insert(people, { id, name: "x" }));
      await subject().write(101, update(people, { id }, { name: null }));
      expect(await subject().row(people, { id })).toEqual({ id, name: null, email: null, tags: null });
      await subject().write(100, insert(follows, { who: id, whom: 1 }));
      expect(await subject().rows(follows, { who: id })).toEqual([{ who: id, whom: 1 }]);
    });

    it("made by an insert is not undone by an older one that arrives later", async () => {
      const id = fresh();
      await subject().write(300, insert(follows, { who: id, whom: 1 }));
      await subject().write(100, insert(follows, { who: id, whom: 1 }));
      await subject().write(200, remove(follows, { who: id, whom: 1 }));
      expect(await subject().rows(follows, { who: id })).toEqual([{ who: id, whom: 1 }]);
    });

    it("made by an update goes when its last column becomes null", async () => {
      const id = fresh();
      await subject().write(100, update(people, { id }, { name: "x", tags: ["t"] }));
      expect(await subject().row(people, { id })).toMatchObject({ name: "x" });
      await subject().write(101, update(people, { id }, { name: null, tags: [] }));
      expect(await subject().row(people, { id })).toBeUndefined();
    });
  });

  describe("a delete", () => {
    it("of a row hides what is older, also if that arrives later, and nothing newer", async () => {
      const user_id = fresh();
      await subject().write(100, insert(friendships, { user_id, friend_id: 1 }));
      await subject().write(200, remove(friendships, { user_id, friend_id: 1 }));
      await subject().write(150, insert(friendships, { user_id, friend_id: 1, since: new Date(0) }));
      expect(await subject().rows(friendships, { user_id })).toEqual([]);
      await subject().write(201, update(friendships, { user_id, friend_id: 1 }, { since: new Date(1) }));
      expect(await subject().count(friendships, { user_id })).toBe(1);
    });

    it("of a row leaves its neighbours and the static columns", async () => {
      const author = fresh();
      const place = { tenant: "t", author, day: 1, section: "s" };
      for (const number of [1, 2, 3]) await subject().write(100, insert(posts, { ...place, number, title: "T" }));
      await subject().write(101, remove(posts, { ...place, number: 2 }));
      const rows = await subject().rows(posts, { tenant: "t", author });
      expect(column(rows, "number")).toEqual([3, 1]);
      expect(column(rows, "title")).toEqual(["T", "T"]);
    });

    it("of a partition takes rows and static columns, and hides older ones that arrive later", async () => {
      const author = fresh();
      const place = { tenant: "t", author, day: 1, section: "s", number: 1 };
      await subject().write(100, insert(posts, { ...place, title: "T" }));
      await subject().write(200, insert(posts, { ...place, number: 2 }));
      await subject().write(150, removePartition(posts, { tenant: "t", author }));
      await subject().write(140, insert(posts, { ...place, number: 3, title: "late" }));
      const rows = await subject().rows(posts, { tenant: "t", author });
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ number: 2, title: null });
    });

    it("of a partition is not undone by an older one that arrives later", async () => {
      const user_id = fresh();
      await subject().write(300, removePartition(friendships, { user_id }));
      await subject().write(100, removePartition(friendships, { user_id }));
      await subject().write(200, insert(friendships, { user_id, friend_id: 1 }));
      expect(await subject().rows(friendships, { user_id })).toEqual([]);
    });

    it("of a range takes what lies between its bounds, and hides older rows that arrive later", async () => {
      const user_id = fresh();
      for (let n = 1; n <= 9; n++) await subject().write(100, insert(friendships, { user_id, friend_id: n }));
      await subject().write(200, removeRange(friendships, { user_id }, { gt: 2, lte: 4 }));
      await subject().write(200, removeRange(friendships, { user_id }, { gte: 8 }));
      await subject().write(200, removeRange(friendships, { user_id }, { lt: 2 }));
      await subject().write(200, removeRange(friendships, { user_id }, { gt: 7, lt: 6 }));
      for (const n of [1, 4, 9]) await subject().write(150, insert(friendships, { user_id, friend_id: n }));
      await subject().write(250, insert(friendships, { user_id, friend_id: 3 }));
      expect(column(await subject().rows(friendships, { user_id }), "friend_id")).toEqual([2, 3, 5, 6, 7]);
    });

    it("of a range goes by values where the order is descending, within the columns that are fixed", async () => {
      const author = fresh();
      const place = { tenant: "t", author, day: 1, section: "s" };
      for (let number = 1; number <= 6; number++) {
        await subject().write(100, insert(posts, { ...place, number, title: "T" }));
        await subject().write(100, insert(posts, { ...place, section: "other", number }));
      }
      await subject().write(200, removeRange(posts, place, { gt: 1, lt: 4 }));
      expect(column(await subject().rows(posts, place), "number")).toEqual([6, 5, 4, 1]);
      expect(await subject().count(posts, { ...place, section: "other" })).toBe(6);
      await subject().write(200, removeRange(posts, { tenant: "t", author, day: 1 }, { gte: "s" }));
      expect(await subject().count(posts, { tenant: "t", author })).toBe(6);
      await subject().write(200, removeRange(posts, { tenant: "t", author, day: 1 }));
      expect(await subject().count(posts, { tenant: "t", author })).toBe(0);
      await subject().write(201, insert(posts, { ...place, number: 7 }));
      expect(await subject().rows(posts, place)).toMatchObject([{ number: 7, title: "T" }]);
    });

    it("of a descending first column takes the newest or the oldest", async () => {
      const stream = fresh();
      for (const at of [1, 2, 3, 4]) await subject().write(100, insert(events, { stream, at, part: 0 }));
      await subject().write(101, removeRange(events, { stream }, { gte: 4 }));
      await subject().write(101, removeRange(events, { stream }, { lte: 1 }));
      expect(column(await subject().rows(events, { stream }), "at")).toEqual([3, 2]);
    });

    it("of a whole table leaves nothing, and hides nothing that is written after it", async () => {
      const who = fresh();
      await subject().write(9_000, insert(follows, { who, whom: 1 }));
      await subject().write(0, truncate(follows));
      expect(await subject().rows(follows, { who })).toEqual([]);
      await subject().write(50, insert(follows, { who, whom: 2 }));
      expect(await subject().rows(follows, { who })).toEqual([{ who, whom: 2 }]);
    });
  });

  describe("a collection", () => {
    it("is replaced whole, and emptied by null and by nothing in it", async () => {
      const id = fresh();
      const key = { id, slot: 1 };
      await subject().write(100, insert(shelves, { ...key, names: ["b", "a", "b"], sizes: [3, 1], prices: { x: 1 } }));
      await subject().write(101, update(shelves, key, { names: ["c"], sizes: [2], prices: { y: 2, a: 0 } }));
      const expected = { names: ["c"], sizes: [2], prices: { a: 0, y: 2 } };
      expect(await subject().row(shelves, key)).toMatchObject(expected);
      await subject().write(102, update(shelves, key, { names: null, sizes: [], prices: {} }));
      expect(await subject().row(shelves, key)).toMatchObject({ names: null, sizes: null, prices: null });
    });

    it("written twice with one timestamp holds both, as do the fields of a user-defined type", async () => {
      const key = { id: fresh(), slot: 1 };
      await subject().write(
        100,
        update(shelves, key, { names: ["a"], sizes: [2], prices: { a: 1, b: 1, c: 7 }, place: { zip: 1 } }),
      );
      await subject().write(
        100,
        update(shelves, key, { names: ["b"], sizes: [1], prices: { b: 2, c: 6 }, place: { street: "s" } }),
      );
      expect(await subject().row(shelves, key)).toMatchObject({
        names: ["a", "b"],
        sizes: [1, 2],
        prices: { a: 1, b: 2, c: 7 },
        place: { street: "s", zip: 1 },
      });
    });

    it("that is frozen keeps its empty value, and only one of two values", async () => {
      const key = { id: fresh(), slot: 1 };
      const written = { frozen_names: [], frozen_prices: { 7: "x" }, frozen_place: { zip: 1 } };
      await subject().write(100, insert(shelves, { ...key, ...written, pair: [1, null] }));
      const read = { ...written, frozen_place: { street: null, zip: 1 }, pair: [1, null] };
      expect(await subject().row(shelves, key)).toMatchObject(read);
      await subject().write(100, insert(shelves, { ...key, frozen_names: ["a"], frozen_prices: { 8: "" } }));
      expect(await subject().row(shelves, key)).toMatchObject({ frozen_names: ["a"], frozen_prices: { 8: "" } });
    });
  });
}
