import { describe, expect, test } from "vitest";
import {
  checkBatch,
  counter,
  increment,
  insert,
  int,
  isConditional,
  MAX_BATCH,
  type Mutation,
  MutationError,
  remove,
  removePartition,
  removeRange,
  table,
  text,
  truncate,
  update,
} from "../../src/index.ts";

const users = table("users", { id: int, name: text, email: text }, { partition: ["id"] });
const posts = table(
  "posts",
  { author: int, n: int, author_name: text, body: text },
  { partition: ["author"], clustering: { n: "desc" }, static: ["author_name"] },
);
const likes = table("likes", { post: int, likes: counter }, { partition: ["post"] });

const ada = insert(users, { id: 1, name: "Ada" });
const onlyIf = (author: number): Mutation => insert(posts, { author, n: 1 }, { ifNotExists: true });

describe("one batch may be", () => {
  test.each<[string, readonly Mutation[]]>([
    ["one mutation of any kind", [truncate(users)]],
    ["rows of several tables", [ada, insert(posts, { author: 1, n: 1, author_name: "Ada" })]],
    [
      "counters alone, one of them twice",
      [increment(likes, { post: 1 }, { likes: 1 }), increment(likes, { post: 1 }, { likes: 2 })],
    ],
    ["conditions within one partition", [onlyIf(1), update(posts, { author: 1, n: 2 }, { body: "x" })]],
    ["two columns of one row", [ada, update(users, { id: 1 }, { email: "a@b" })]],
    ["one cell twice with the same value", [ada, ada]],
    [
      "one static value with each of its rows",
      [insert(posts, { author: 1, n: 1, author_name: "A" }), insert(posts, { author: 1, n: 2, author_name: "A" })],
    ],
    [
      "a deletion beside a write",
      [remove(users, { id: 2 }), ada, removePartition(posts, { author: 2 }), insert(posts, { author: 1, n: 1 })],
    ],
    [
      "a range beside a row outside it",
      [removeRange(posts, { author: 1 }, { lt: 5 }), insert(posts, { author: 1, n: 5 })],
    ],
    [
      "a range and the statics, which it spares",
      [removeRange(posts, { author: 1 }, { lt: 5 }), update(posts, { author: 1 }, { author_name: "A" })],
    ],
  ])("%s", (_what, mutations) => {
    expect(() => checkBatch(mutations)).not.toThrow();
  });
});

describe("one batch may not be", () => {
  test.each<[string, readonly Mutation[], string]>([
    ["nothing", [], "a batch of nothing"],
    ["too much", Array.from({ length: MAX_BATCH + 1 }, (_, id) => insert(users, { id })), "a batch of 501"],
    ["truncate beside anything", [truncate(users), ada], "truncate in a batch"],
    ["counters beside columns", [ada, increment(likes, { post: 1 }, { likes: 1 })], "counters and other tables"],
    ["conditions over two partitions", [onlyIf(1), onlyIf(2)], "a conditional batch over posts/1, posts/2"],
    ["conditions over two tables", [onlyIf(1), ada], "a conditional batch over posts/1, users/1"],
    ["a deletion and a write of one row", [remove(users, { id: 1 }), ada], "deletes and writes one row of users"],
    ["the same the other way round", [ada, remove(users, { id: 1 })], "deletes and writes one row of users"],
    [
      "a partition deleted and written",
      [insert(posts, { author: 1, n: 1 }), removePartition(posts, { author: 1 })],
      "deletes and writes",
    ],
    [
      "its statics written",
      [update(posts, { author: 1 }, { author_name: "A" }), removePartition(posts, { author: 1 })],
      "deletes and writes",
    ],
    [
      "a range over a row it writes",
      [removeRange(posts, { author: 1 }, { gte: 5 }), insert(posts, { author: 1, n: 5 })],
      "deletes and writes",
    ],
    [
      "two values of one cell",
      [ada, update(users, { id: 1 }, { name: "Bea" })],
      'writes users.name twice, "Ada" and "Bea"',
    ],
    ["a value and a null in one cell", [ada, update(users, { id: 1 }, { name: null })], "writes users.name twice"],
    [
      "two values of one static",
      [insert(posts, { author: 1, n: 1, author_name: "A" }), insert(posts, { author: 1, n: 2, author_name: "B" })],
      "writes posts.author_name twice",
    ],
  ])("%s", (_what, mutations, words) => {
    expect(() => checkBatch(mutations)).toThrow(MutationError);
    expect(() => checkBatch(mutations)).toThrow(words);
  });
});

test("a write is conditional if it asks anything", () => {
  expect([onlyIf(1), ada, truncate(users), remove(users, { id: 1 }, { ifExists: true })].map(isConditional)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
