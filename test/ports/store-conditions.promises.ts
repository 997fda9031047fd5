import { describe, expect, it } from "vitest";
import { WriteRefusedError } from "../../src/ports/store-errors.ts";
import { increment, insert, remove, removePartition, truncate, update } from "../../src/spec/mutation.ts";
import { table } from "../../src/spec/table.ts";
import { int } from "../../src/spec/types/index.ts";
import { column, fresh, type Subject } from "./store-subject.ts";
import { friendships, people, posts, shelves, visits } from "./store-tables.ts";

/** What every store promises of conditional writes and counters, and what it refuses. */
export function conditionPromises(subject: () => Subject): void {
  describe("a conditional write", () => {
    it("inserts only where there is no row, and says whether it did", async () => {
      const id = fresh();
      expect(await subject().write(1, insert(people, { id, name: "a" }, { ifNotExists: true }))).toEqual({
        applied: true,
      });
      const second = await subject().write(1, insert(people, { id, name: "b" }, { ifNotExists: true }));
      expect(second).toEqual({ applied: false });
      expect(await subject().row(people, { id })).toMatchObject({ name: "a" });
    });

    it("updates and deletes only a row that exists", async () => {
      const id = fresh();
      expect(await subject().write(1, update(people, { id }, { name: "a" }, { ifExists: true }))).toEqual({
        applied: false,
      });
      expect(await subject().row(people, { id })).toBeUndefined();
      await subject().write(1, insert(people, { id, name: "a" }));
      expect(await subject().write(1, update(people, { id }, { name: "b" }, { ifExists: true }))).toEqual({
        applied: true,
      });
      expect(await subject().row(people, { id })).toMatchObject({ name: "b" });
      expect(await subject().write(1, remove(people, { id }, { ifExists: true }))).toEqual({ applied: true });
      expect(await subject().write(1, remove(people, { id }, { ifExists: true }))).toEqual({ applied: false });
    });

    it("compares values, null and collections among them", async () => {
      const id = fresh();
      const set = (name: string, condition: { name?: string | null; tags?: string[] | null }) =>
        subject().write(1, update(people, { id }, { name, tags: [name] }, { if: condition }));
      expect(await set("a", { name: "x" })).toEqual({ applied: false });
      expect(await set("a", { name: null, tags: null })).toEqual({ applied: true });
      expect(await set("b", { name: null })).toEqual({ applied: false });
      expect(await set("b", { name: "a", tags: ["b"] })).toEqual({ applied: false });
      expect(await set("b", { name: "a", tags: ["a"] })).toEqual({ applied: true });
      expect(await subject().row(people, { id })).toMatchObject({ name: "b", tags: ["b"] });
    });

    it("compares and sets static columns, with and without a row", async () => {
      const author = fresh();
      const partition = { tenant: "t", author };
      const row = { ...partition, day: 1, section: "s", number: 1 };
      const exists = update(posts, partition, { title: "x" }, { ifExists: true });
      expect(await subject().write(1, exists)).toEqual({ applied: false });
      expect(await subject().write(1, update(posts, partition, { title: "a" }, { if: { title: null } }))).toEqual({
        applied: true,
      });
      expect(await subject().write(1, exists)).toEqual({ applied: true });
      expect(await subject().write(1, update(posts, row, { body: "b" }, { if: { title: "a" } }))).toEqual({
        applied: false,
      });
      expect(await subject().write(1, update(posts, row, { body: "b" }, { if: { title: "x" } }))).toEqual({
        applied: true,
      });
      expect(await subject().row(posts, row)).toMatchObject({ title: "x", body: "b" });
    });

    it("sets static columns given the whole key of a row", async () => {
      const author = fresh();
      const row = { tenant: "t", author, day: 1, section: "s", number: 1 };
      await subject().write(100, update(posts, row, { title: "plain" }));
      expect(await subject().count(posts, { tenant: "t", author })).toBe(0);
      await subject().write(100, insert(posts, { ...row, body: "b" }));
      expect(await subject().row(posts, row)).toMatchObject({ title: "plain" });
      expect(await subject().write(1, update(posts, row, { title: "y" }, { if: { body: "c" } }))).toEqual({
        applied: false,
      });
      expect(await subject().write(1, update(posts, row, { title: "y" }, { if: { body: "b" } }))).toEqual({
        applied: true,
      });
      expect(await subject().row(posts, row)).toMatchObject({ title: "y" });
    });

    it("takes the server's timestamp, not the one given", async () => {
      const id = fresh();
      const tomorrow = (Date.now() + 86_400_000) * 1000;
      await subject().write(100, insert(people, { id, name: "a", email: "a" }));
      await subject().write(tomorrow, update(people, { id }, { email: "future" }));
      expect(await subject().write(1, update(people, { id }, { name: "b", email: "b" }, { ifExists: true }))).toEqual({
        applied: true,
      });
      expect(await subject().row(people, { id })).toMatchObject({ name: "b", email: "future" });
    });

    it("in a batch decides for the whole batch", async () => {
      const user_id = fresh();
      const add = (friend_id: number) => insert(friendships, { user_id, friend_id }, { ifNotExists: true });
      expect(await subject().write(1, add(1), add(2), insert(friendships, { user_id, friend_id: 9 }))).toEqual({
        applied: true,
      });
      expect(await subject().write(1, add(3), add(2))).toEqual({ applied: false });
      const swap = [remove(friendships, { user_id, friend_id: 1 }, { ifExists: true }), add(4)];
      expect(await subject().write(1, ...swap)).toEqual({ applied: true });
      expect(column(await subject().rows(friendships, { user_id }), "friend_id")).toEqual([2, 4, 9]);
    });

    it("is one of many that wins", async () => {
      const id = fresh();
      const names = Array.from({ length: 5 }, (_, i) => `n${i}`);
      const written = await Promise.all(
        names.map((name) => subject().write(1, insert(people, { id, name }, { ifNotExists: true }))),
      );
      const winner = written.findIndex(({ applied }) => applied);
      expect(written.filter(({ applied }) => applied)).toHaveLength(1);
      expect(await subject().row(people, { id })).toMatchObject({ name: names[winner] });
    });
  });

  describe("a counter", () => {
    it("adds and subtracts, from nothing, also at once and in a batch", async () => {
      const key = { page: `p${fresh()}`, day: 1 };
      await Promise.all(Array.from({ length: 10 }, () => subject().write(1, increment(visits, key, { views: 2 }))));
      await subject().write(
        1,
        increment(visits, key, { views: -5, likes: 1 }),
        increment(visits, { ...key, day: 2 }, { likes: 3 }),
      );
      expect(await subject().row(visits, key)).toEqual({ ...key, views: "15", likes: "1" });
      expect(await subject().rows(visits, { page: key.page })).toMatchObject([
        { day: 2, views: null, likes: "3" },
        { day: 1 },
      ]);
    });

    it("is gone with its row and its partition", async () => {
      const page = `p${fresh()}`;
      for (const day of [1, 2, 3]) await subject().write(1, increment(visits, { page, day }, { views: 1 }));
      await subject().write(1, remove(visits, { page, day: 2 }));
      expect(column(await subject().rows(visits, { page }), "day")).toEqual([3, 1]);
      await subject().write(1, removePartition(visits, { page }));
      expect(await subject().count(visits, { page })).toBe(0);
    });
  });

  describe("a write is refused, and nothing of it done,", () => {
    it("if its table is not there", async () => {
      const nowhere = table("nowhere", { id: int, v: int }, { partition: ["id"] });
      await expect(subject().write(1, insert(nowhere, { id: 1 }))).rejects.toThrow(WriteRefusedError);
      const id = fresh();
      const batch = [insert(people, { id, name: "x" }), insert(nowhere, { id: 1 })];
      await expect(subject().write(1, ...batch)).rejects.toThrow(WriteRefusedError);
      expect(await subject().row(people, { id })).toBeUndefined();
    });

    it("if it has a column that the table has not", async () => {
      const other = table("people", { id: int, nickname: int }, { partition: ["id"], ttl: "never" });
      await expect(subject().write(1, insert(other, { id: fresh(), nickname: 1 }))).rejects.toThrow(WriteRefusedError);
    });

    it("if Cassandra takes no such batch", async () => {
      const id = fresh();
      const row = insert(people, { id });
      await expect(subject().write(1)).rejects.toThrow(WriteRefusedError);
      await expect(subject().write(1, row, truncate(people))).rejects.toThrow(WriteRefusedError);
      const counted = increment(visits, { page: "p", day: 1 }, { views: 1 });
      await expect(subject().write(1, row, counted)).rejects.toThrow(WriteRefusedError);
      const elsewhere = insert(people, { id: fresh() }, { ifNotExists: true });
      await expect(subject().write(1, row, elsewhere)).rejects.toThrow(WriteRefusedError);
      expect(await subject().row(people, { id })).toBeUndefined();
    });

    it("if it asks two kinds of condition of one row", async () => {
      const key = { id: fresh(), slot: 1 };
      const both = [
        insert(shelves, { ...key, note: "a" }, { ifNotExists: true }),
        update(shelves, key, { prices: { a: 1 } }, { ifExists: true }),
      ];
      await expect(subject().write(1, ...both)).rejects.toThrow(WriteRefusedError);
    });
  });
}
