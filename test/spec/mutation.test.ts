import { describe, expect, test } from "vitest";
import {
  counter,
  increment,
  insert,
  int,
  list,
  type Mutation,
  MutationError,
  remove,
  removePartition,
  removeRange,
  table,
  text,
  timestamp,
  truncate,
  update,
  uuid,
  ValueError,
} from "../../src/index.ts";

const users = table("users", { id: int, name: text, tags: list(text) }, { partition: ["id"] });
const posts = table(
  "posts",
  { author: int, at: timestamp, id: uuid, author_name: text, body: text },
  { partition: ["author"], clustering: { at: "desc", id: "asc" }, static: ["author_name"], ttl: "never" },
);
const likes = table("likes", { post: uuid, likes: counter }, { partition: ["post"] });

const id = "c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10";
const at = "2026-11-21T04:00:00.000Z";
const row = { author: 1, at, id };

/** As JavaScript calls it: what the compiler refuses is refused again when it runs. */
const call = (make: (...given: never[]) => Mutation, ...given: readonly unknown[]): Mutation =>
  Reflect.apply(make, undefined, given);

describe("a write is canonical before it is anything else", () => {
  test("key and columns apart, values as they are read back", () => {
    expect(insert(posts, { ...row, at: new Date(at), id: id.toUpperCase(), body: "hi" })).toEqual({
      op: "insert",
      table: posts,
      key: row,
      set: { body: "hi" },
    });
  });

  test("a column left undefined is left out; a null is written", () => {
    const values: { id: number; name?: string | null } = { id: 1 };
    expect(insert(users, values)).toMatchObject({ set: {} });
    expect(call(insert, users, { id: 1, name: undefined, tags: null })).toMatchObject({ set: { tags: null } });
  });

  test("and cannot be changed afterwards", () => {
    const made = insert(users, { id: 1, name: "Ada" });
    expect([made, "key" in made && made.key].every(Object.isFrozen)).toBe(true);
  });

  test("conditions and TTL are kept beside it", () => {
    expect(insert(users, { id: 1 }, { ifNotExists: true, ttlSeconds: 60 })).toMatchObject({
      condition: { kind: "notExists" },
      ttlSeconds: 60,
    });
    expect(update(users, { id: 1 }, { name: "b" }, { if: { name: "a", tags: null } })).toMatchObject({
      condition: { kind: "equals", values: { name: "a", tags: null } },
    });
    expect(remove(users, { id: 1 }, { ifExists: true })).toMatchObject({ condition: { kind: "exists" } });
  });
});

describe("static columns", () => {
  test("are written by the partition alone", () => {
    expect(update(posts, { author: 1 }, { author_name: "Ada" })).toMatchObject({ key: { author: 1 } });
  });

  test("are written by the partition even where the whole key was given, which Cassandra would refuse", () => {
    expect(update(posts, row, { author_name: "Ada" })).toMatchObject({ key: { author: 1 } });
  });

  test("are counted by the partition, if they are counters", () => {
    const views = table(
      "views",
      { page: int, day: text, n: counter, all: counter },
      { partition: ["page"], clustering: { day: "asc" }, static: ["all"] },
    );
    expect(increment(views, { page: 1, day: "mon" }, { all: 1 })).toMatchObject({ key: { page: 1 } });
    expect(increment(views, { page: 1, day: "mon" }, { all: 1, n: 1 })).toMatchObject({ key: { page: 1, day: "mon" } });
  });

  test("are compared by the partition too", () => {
    const asked = update(posts, row, { author_name: "Ada" }, { if: { author_name: null } });
    expect(asked).toMatchObject({ key: { author: 1 }, condition: { kind: "equals" } });
    expect(update(posts, { author: 1 }, { author_name: "Ada" }, { ifExists: true })).toMatchObject({
      key: { author: 1 },
    });
  });

  test("are written by the row where something of the row is written or asked too", () => {
    expect(update(posts, row, { author_name: "Ada", body: "x" })).toMatchObject({ key: row });
    expect(update(posts, row, { author_name: "Ada" }, { if: { body: "x" } })).toMatchObject({ key: row });
  });
});

describe("a range", () => {
  test("bounds the clustering column behind the prefix", () => {
    expect(removeRange(posts, { author: 1 }, { gte: new Date(at) })).toMatchObject({
      key: { author: 1 },
      range: { column: "at", gte: at },
    });
    expect(removeRange(posts, { author: 1, at }, { gt: id, lte: id })).toMatchObject({
      key: { author: 1, at },
      range: { column: "id", gt: id, lte: id },
    });
    expect(removeRange(posts, { author: 1, at })).toMatchObject({ range: { column: "id" } });
  });
});

describe("refused before anything is announced or written, saying what and what to do", () => {
  test.each<[string, () => Mutation, string]>([
    [
      "a column that the table lacks",
      () => call(insert, users, { id: 1, nam: "x" }),
      "no column nam. Its columns are id, name, tags",
    ],
    ["a column of every object", () => call(insert, users, { id: 1, constructor: "x" }), "no column constructor"],
    ["a key column missing", () => call(insert, users, { name: "x" }), "key column users.id is missing"],
    ["a key column null", () => call(insert, users, { id: null }), "key column users.id is null"],
    ["a key column undefined", () => call(remove, users, { id: undefined }), "key column users.id is missing"],
    ["half a key", () => call(remove, posts, { author: 1 }), "key column posts.at is missing"],
    ["more than a key", () => call(remove, users, { id: 1, name: "x" }), "name does not belong in this key"],
    ["an unknown column in a key", () => call(remove, users, { id: 1, uid: 1 }), "no column uid"],
    ["an update of nothing", () => update(users, { id: 1 }, {}), "sets nothing"],
    ["an update of the key", () => call(update, users, { id: 1 }, { id: 2 }), "sets the key column id"],
    [
      "a regular column by the partition",
      () => call(update, posts, { author: 1 }, { body: "x" }),
      "posts.at is missing",
    ],
    [
      "statics by the partition if a row holds",
      () => update(posts, { author: 1 }, { author_name: "x" }, { if: { body: "y" } }),
      "if body",
    ],
    [
      "a condition on the key",
      () => call(update, users, { id: 1 }, { name: "x" }, { if: { id: 1 } }),
      "condition on id",
    ],
    ["a condition on nothing", () => update(users, { id: 1 }, { name: "x" }, { if: {} }), "condition on nothing"],
    ["two conditions", () => remove(users, { id: 1 }, { ifExists: true, if: { name: "x" } }), "if and ifExists"],
    ["a condition on a counter", () => remove(likes, { post: id }, { ifExists: true }), "holds counters"],
    ["a counter set", () => call(insert, likes, { post: id, likes: 1 }), "Use increment"],
    ["a counter updated", () => call(update, likes, { post: id }, { likes: 1 }), "Use increment"],
    ["an increment of no counter", () => call(increment, users, { id: 1 }, { name: 1 }), "users has no counters"],
    ["an increment by nothing", () => increment(likes, { post: id }, {}), "Give a whole number"],
    ["an increment by null", () => call(increment, likes, { post: id }, { likes: null }), "Give a whole number"],
    [
      "a TTL where there is none",
      () => insert(posts, { ...row, body: "x" }, { ttlSeconds: 60 }),
      'declared ttl: "never"',
    ],
    ["a TTL of nothing", () => insert(users, { id: 1 }, { ttlSeconds: 0 }), "from 1 to"],
    ["a TTL of a fraction", () => insert(users, { id: 1 }, { ttlSeconds: 1.5 }), "from 1 to"],
    ["a TTL of 21 years", () => insert(users, { id: 1 }, { ttlSeconds: 21 * 366 * 86400 }), "from 1 to"],
    ["a partition by more than its key", () => call(removePartition, posts, row), "does not belong"],
    ["a range in a table without clustering", () => call(removeRange, users, { id: 1 }), "range of users"],
    ["a range with a gap in its prefix", () => removeRange(posts, { author: 1, id }), "in order"],
    ["a range behind the whole key", () => removeRange(posts, row), "leave one for the range"],
    ["a range without bounds, which is the partition", () => removeRange(posts, { author: 1 }), "use removePartition"],
    [
      "a range with a misspelt side, which would delete what it meant to spare",
      () => call(removeRange, posts, { author: 1 }, { before: at }),
      "at most one of gt and gte",
    ],
    [
      "a range with two ends on one side",
      () => removeRange(posts, { author: 1 }, { gt: at, gte: at }),
      "at most one of gt and gte",
    ],
  ])("%s", (_what, make, words) => {
    expect(make).toThrow(MutationError);
    expect(make).toThrow(words);
  });

  test.each<[string, () => Mutation]>([
    ["in the key", () => call(insert, users, { id: "1" })],
    ["in a column", () => call(insert, users, { id: 1, name: 2 })],
    ["in an update", () => call(update, users, { id: 1 }, { name: 2 })],
    ["in a condition", () => call(update, users, { id: 1 }, { name: "x" }, { if: { name: 2 } })],
    ["in a bound", () => call(removeRange, posts, { author: 1 }, { lt: 5 })],
    ["in an amount", () => call(increment, likes, { post: id }, { likes: 1.5 })],
    ["that has no UTF-8", () => insert(users, { id: 1, name: "\ud800" })],
  ])("a value of another type %s", (_where, make) => {
    expect(make).toThrow(ValueError);
  });
});

test("truncate names the table and nothing else", () => {
  expect(truncate(users)).toEqual({ op: "truncate", table: users });
});
