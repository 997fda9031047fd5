import { describe, expect, it } from "vitest";
import { insert, update, type Values } from "../../src/spec/mutation.ts";
import type { Table } from "../../src/spec/table.ts";
import { column, fresh, isDeeplyFrozen, type Subject } from "./store-subject.ts";
import { events, friendships, keyed, people, posts, reserved, shelves } from "./store-tables.ts";

/** What every store promises of a read. */
export function readPromises(subject: () => Subject): void {
  describe("a row", () => {
    it("is read back as it was written, every column present, null where empty", async () => {
      const id = fresh();
      await subject().write(100, insert(people, { id, name: "Ann", tags: ["b", "a"] }));
      expect(await subject().row(people, { id })).toEqual({ id, name: "Ann", email: null, tags: ["a", "b"] });
    });

    it("that nobody wrote is nothing", async () => {
      expect(await subject().row(people, { id: fresh() })).toBeUndefined();
      expect(await subject().rows(friendships, { user_id: fresh() })).toEqual([]);
      expect(await subject().count(friendships, { user_id: fresh() })).toBe(0);
    });

    it("cannot be changed by whoever reads it, at any depth", async () => {
      const id = fresh();
      await subject().write(
        100,
        insert(shelves, { id, slot: 1, names: ["a"], prices: { a: 1 }, place: { zip: 8000 } }),
      );
      const read = await subject().read({ kind: "rows", table: shelves, where: { id } });
      expect(read.rows).toHaveLength(1);
      expect(isDeeplyFrozen(read.rows)).toBe(true);
    });

    it("is the same at every level", async () => {
      const id = fresh();
      await subject().write(100, insert(people, { id, name: "Ann" }));
      for (const level of ["weak", "strong", "serial"] as const) {
        const { rows } = await subject().read({ kind: "row", table: people, where: { id } }, level);
        expect(column(rows, "name")).toEqual(["Ann"]);
      }
    });

    it("is found by all columns of its key, not by some of them", async () => {
      const author = fresh();
      const place = { tenant: "t", author, day: 1, section: "s" };
      await subject().write(100, insert(posts, { ...place, number: 7, body: "seven" }));
      expect(await subject().row(posts, { ...place, number: 7 })).toMatchObject({ body: "seven" });
      expect(await subject().row(posts, { ...place, number: 8 })).toBeUndefined();
    });

    it("may have names that are reserved words", async () => {
      const from = fresh();
      await subject().write(100, insert(reserved, { from, order: 2, set: "s", token: "t" }));
      expect(await subject().row(reserved, { from, order: 2 })).toEqual({ from, order: 2, set: "s", token: "t" });
      expect(await subject().count(reserved, { from })).toBe(1);
    });
  });

  describe("a list", () => {
    it("comes in ascending clustering order, whatever order it was written in", async () => {
      const user_id = fresh();
      for (const friend_id of [5, -3, 40, 0, 12]) {
        await subject().write(100, insert(friendships, { user_id, friend_id }));
      }
      expect(column(await subject().rows(friendships, { user_id }), "friend_id")).toEqual([-3, 0, 5, 12, 40]);
    });

    it("comes in the order of each clustering column, descending and mixed", async () => {
      const author = fresh();
      const written = await fillPosts(subject(), author);
      expect(keysOf(await subject().rows(posts, { tenant: "t", author }))).toEqual(written);
    });

    it("orders values as Cassandra does, not as their texts", async () => {
      const p = `00000000-0000-4000-8000-${String(fresh()).padStart(12, "0")}`;
      const t = (time: number, node: string) => `0000000${time}-0000-1000-${node}-000000000000`;
      const row = { p, d: "1", b: "AA==", t: t(1, "8000"), day: "1970-01-01", big: "0" };
      const rows = [
        { ...row, d: "-100" },
        { ...row, d: "9" },
        { ...row, d: "10", b: "/w==" },
        { ...row, d: "10", b: "AAA=" },
        { ...row, d: "10", t: t(1, "ff00") },
        { ...row, d: "10", t: t(1, "0100") },
        { ...row, d: "10", t: t(2, "0000"), day: "-0001-01-01" },
        { ...row, d: "10", t: t(2, "0000"), day: "+10000-01-01", big: "9007199254740993" },
        { ...row, d: "10", t: t(2, "0000"), day: "+10000-01-01", big: "10" },
        { ...row, d: "10", t: t(2, "0000"), day: "+10000-01-01", big: "-9" },
      ];
      for (const each of [...rows].reverse()) await subject().write(100, insert(keyed, each));
      expect(await subject().rows(keyed, { p })).toEqual(rows.map((each) => ({ ...each, v: null })));
    });

    it("may be narrowed by leading clustering columns", async () => {
      const author = fresh();
      const written = await fillPosts(subject(), author);
      const where = { tenant: "t", author, day: 2 };
      expect(keysOf(await subject().rows(posts, where))).toEqual(written.filter(([day]) => day === 2));
      expect(keysOf(await subject().rows(posts, { ...where, section: "b" }))).toEqual(
        written.filter(([day, section]) => day === 2 && section === "b"),
      );
      expect(await subject().count(posts, where)).toBe(4);
    });

    it("is cut where its limit says", async () => {
      const author = fresh();
      const written = await fillPosts(subject(), author);
      expect(keysOf(await subject().rows(posts, { tenant: "t", author }, { limit: 3 }))).toEqual(written.slice(0, 3));
      expect(await subject().rows(posts, { tenant: "t", author }, { limit: 100 })).toHaveLength(12);
    });

    it("is walked by cursors without missing or repeating a row: ascending, descending and mixed orders", async () => {
      const [user_id, stream, author] = [fresh(), fresh(), fresh()];
      for (const n of [3, 1, 2, 5, 4]) await subject().write(100, insert(friendships, { user_id, friend_id: n }));
      for (const at of [1, 2, 3]) {
        for (const part of [1, 2]) await subject().write(100, insert(events, { stream, at, part, kind: "k" }));
      }
      await fillPosts(subject(), author);
      for (const limit of [1, 2, 5]) {
        await expectWalk(subject(), friendships, { user_id }, limit);
        await expectWalk(subject(), events, { stream }, limit);
        await expectWalk(subject(), events, { stream, at: 2 }, limit);
        await expectWalk(subject(), posts, { tenant: "t", author }, limit);
        await expectWalk(subject(), posts, { tenant: "t", author, day: 2 }, limit);
      }
    });

    it("may begin behind a row that is not there", async () => {
      const author = fresh();
      const written = await fillPosts(subject(), author);
      const after = { day: 2, section: "aa", number: 9 };
      const behind = written.filter(([day, section]) => day < 2 || (day === 2 && section === "b"));
      expect(keysOf(await subject().rows(posts, { tenant: "t", author }, { after }))).toEqual(behind);
      const last = { day: 0, section: "", number: 0 };
      expect(await subject().rows(posts, { tenant: "t", author }, { after: last, limit: 3 })).toEqual([]);
    });

    it("of more rows than Cassandra gives at once is read whole", async () => {
      const user_id = fresh();
      const friends = Array.from({ length: 6000 }, (_, i) => i);
      for (let i = 0; i < friends.length; i += 250) {
        const batch = friends.slice(i, i + 250).map((friend_id) => insert(friendships, { user_id, friend_id }));
        await subject().write(100, ...batch);
      }
      expect(column(await subject().rows(friendships, { user_id }), "friend_id")).toEqual(friends);
      expect(await subject().count(friendships, { user_id })).toBe(6000);
      const after = { friend_id: 99 };
      expect(await subject().rows(friendships, { user_id }, { after, limit: 5500 })).toHaveLength(5500);
    });
  });

  describe("static columns", () => {
    it("alone make no row, list or count, and show in every row once there is one", async () => {
      const author = fresh();
      const place = { tenant: "t", author, day: 1, section: "s", number: 1 };
      await subject().write(100, update(posts, { tenant: "t", author }, { title: "T", members: [2, 1] }));
      expect(await subject().row(posts, place)).toBeUndefined();
      expect(await subject().rows(posts, { tenant: "t", author })).toEqual([]);
      expect(await subject().rows(posts, { tenant: "t", author }, { limit: 1 })).toEqual([]);
      expect(await subject().count(posts, { tenant: "t", author })).toBe(0);
      await subject().write(100, insert(posts, place), insert(posts, { ...place, number: 2 }));
      const rows = await subject().rows(posts, { tenant: "t", author });
      expect(column(rows, "title")).toEqual(["T", "T"]);
      expect(column(rows, "members")).toEqual([
        [1, 2],
        [1, 2],
      ]);
      expect(await subject().count(posts, { tenant: "t", author })).toBe(2);
    });
  });
}

type PostKey = readonly [day: number, section: string, number: number];

/** Twelve rows, written out of order; returns their keys in clustering order. */
async function fillPosts(subject: Subject, author: number): Promise<readonly PostKey[]> {
  const keys = [3, 2, 1].flatMap((day) =>
    ["a", "b"].flatMap((section) => [2, 1].map((number): PostKey => [day, section, number])),
  );
  const shuffled = keys.map((key, i) => ({ key, at: (i * 5) % 12 })).sort((a, b) => a.at - b.at);
  for (const { key } of shuffled) {
    const [day, section, number] = key;
    await subject.write(100, insert(posts, { tenant: "t", author, day, section, number, body: key.join() }));
  }
  return keys;
}

const keysOf = (rows: readonly Values[]): readonly unknown[] =>
  rows.map(({ day, number, section }) => [day, section, number]);

/** Reads a list whole, then page by page, each behind the last row of the one before. */
async function expectWalk(subject: Subject, table: Table, where: Values, limit: number): Promise<void> {
  const whole = await subject.rows(table, where);
  const walked: Values[] = [];
  for (let page = await subject.rows(table, where, { limit }); page.length > 0; ) {
    expect(page.length).toBeLessThanOrEqual(limit);
    walked.push(...page);
    const open = table.clustering.map((c) => c.column).filter((name) => where[name] === undefined);
    const after = Object.fromEntries(open.map((name) => [name, walked.at(-1)?.[name]]));
    page = await subject.rows(table, where, { limit, after });
  }
  expect(walked).toEqual(whole);
}
