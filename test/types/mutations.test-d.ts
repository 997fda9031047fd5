import {
  counter,
  increment,
  insert,
  int,
  remove,
  removePartition,
  removeRange,
  type Table,
  table,
  text,
  timestamp,
  update,
  uuid,
} from "../../src/index.ts";

// Checked by `tsc -p tsconfig.json`: a line that compiles under @ts-expect-error is an error.

const users = table("users", { id: int, name: text, email: text }, { partition: ["id"] });
const pairs = table("pairs", { a: int, b: int }, { partition: ["a"], clustering: { b: "asc" } });
const posts = table(
  "posts",
  { author: int, at: timestamp, id: uuid, author_name: text, body: text },
  { partition: ["author"], clustering: { at: "desc", id: "asc" }, static: ["author_name"] },
);
const likes = table("likes", { post: uuid, likes: counter }, { partition: ["post"] });

const id = "c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10";
const at = new Date(0);

insert(users, { id: 1, name: "Ada", email: null }, { ifNotExists: true });
insert(pairs, { a: 1, b: 2 });
insert(posts, { author: 1, at: "2026-11-21T00:00:00.000Z", id, author_name: "Ada" });
update(users, { id: 1 }, { name: null }, { if: { email: "x" } });
update(posts, { author: 1 }, { author_name: "Ada" });
update(posts, { author: 1, at, id }, { body: "x" }, { ifExists: true });
remove(pairs, { a: 1, b: 2 });
increment(likes, { post: id }, { likes: 1n });
removePartition(posts, { author: 1 });
removeRange(posts, { author: 1 }, { lt: at });
removeRange(posts, { author: 1, at }, { gte: id });

// A table known only as a table takes any column; what is wrong is found when it runs.
const anyTable: Table = users;
insert(anyTable, { id: 1, name: "Ada" });
update(anyTable, { id: 1 }, { name: "Ada" }, { if: { name: null } });
remove(anyTable, { id: 1 });
increment(anyTable, { id: 1 }, { n: 1 });

// @ts-expect-error a column that the table does not have
insert(users, { id: 1, nam: "Ada" });
// @ts-expect-error a value of another type
insert(users, { id: "1", name: "Ada" });
// @ts-expect-error a null in the key
insert(users, { id: null });
// @ts-expect-error half of the key
insert(pairs, { a: 1 });
// @ts-expect-error a column that a table of keys alone does not have
insert(pairs, { a: 1, b: 2, c: 3 });
// @ts-expect-error an update of a column that the table does not have
update(users, { id: 1 }, { nam: "Ada" });
// @ts-expect-error an update of the key
update(users, { id: 1 }, { id: 2 });
// @ts-expect-error an update with a value of another type
update(users, { id: 1 }, { name: 2 });
// @ts-expect-error an update of a table of keys alone
update(pairs, { a: 1, b: 2 }, { c: 3 });
// @ts-expect-error a regular column by the partition alone
update(posts, { author: 1 }, { body: "x" });
// @ts-expect-error a static and a regular column by the partition alone
update(posts, { author: 1 }, { author_name: "Ada", body: "x" });
// @ts-expect-error a condition on a key column
update(users, { id: 1 }, { name: "x" }, { if: { id: 1 } });
// @ts-expect-error a delete by half of the key
remove(posts, { author: 1 });
// @ts-expect-error a column beside the key
remove(users, { id: 1, name: "Ada" });
// @ts-expect-error a partition by less than its key
removePartition(posts, {});
// @ts-expect-error a partition by more than its key
removePartition(pairs, { a: 1, b: 2 });
// @ts-expect-error a bound of another type
removeRange(posts, { author: 1 }, { lt: 5 });
// @ts-expect-error a side that does not exist
removeRange(posts, { author: 1 }, { before: at });
// @ts-expect-error a table without counters
increment(users, { id: 1 }, { name: "x" });
// @ts-expect-error a table of keys alone
increment(pairs, { a: 1, b: 2 }, { c: 1 });
// @ts-expect-error a null amount
increment(likes, { post: id }, { likes: null });
// @ts-expect-error a counter that the table does not have
increment(likes, { post: id }, { dislikes: 1 });
