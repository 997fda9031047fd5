import { types } from "cassandra-driver";
import { describe, expect, test } from "vitest";
import type { Mutation } from "../../src/spec/mutation.ts";
import { MutationError } from "../../src/spec/mutation-error.ts";
import { type Table, table } from "../../src/spec/table.ts";
import * as t from "../../src/spec/types/index.ts";
import { derive, preparedAs } from "./without-server.ts";

const users = table("users", { id: t.int, name: t.text }, { partition: ["id"], ttl: "never" });
const posts = table(
  "posts",
  { room: t.text, day: t.int, at: t.timeuuid, n: t.bigint, topic: t.text, body: t.text },
  { partition: ["room", "day"], clustering: { at: "desc", n: "asc" }, static: ["topic"] },
);
const likes = table("likes", { id: t.uuid, likes: t.counter }, { partition: ["id"] });
const hosts = table("hosts", { ip: t.inet, n: t.bigint }, { partition: ["ip"], clustering: { n: "asc" } });
const declared = [users, posts, likes, hosts];

const AT = "e23f1e02-a32d-11e5-bf7f-feff819cdc9f";
const AT2 = "e23f1e03-a32d-11e5-bf7f-feff819cdc9f";

/** `insert users id=1 set name`; the table, key and names of each mutation. */
const inWords = (mutation: Mutation): string => {
  const parts: string[] = [mutation.op, mutation.table.name];
  if ("key" in mutation) parts.push(...Object.entries(mutation.key).map(([column, value]) => `${column}=${value}`));
  if ("set" in mutation) parts.push("set", ...Object.keys(mutation.set));
  if ("by" in mutation) parts.push("by", ...Object.keys(mutation.by));
  if ("range" in mutation) parts.push("range", mutation.range.column);
  if ("condition" in mutation) parts.push("if", mutation.condition?.kind ?? "");
  if ("ttlSeconds" in mutation) parts.push("ttl", String(mutation.ttlSeconds));
  return parts.join(" ");
};

function written(cql: string, of: Table, names: readonly string[], params: unknown): readonly string[] {
  const derived = derive(cql, preparedAs(of, ...names), params, declared);
  if (derived.kind === "refused") throw new Error(derived.reason);
  return derived.mutations.map(inWords);
}

describe("a statement is the mutations it does", () => {
  test.each<[string, Table, string[], unknown[], string[]]>([
    ["INSERT INTO users (id, name) VALUES (?, ?)", users, ["id", "name"], [1, "a"], ["insert users id=1 set name"]],
    [
      "INSERT INTO ks.users (name, id) VALUES (?, ?) IF NOT EXISTS",
      users,
      ["name", "id"],
      ["a", 1],
      ["insert users id=1 set name if notExists"],
    ],
    [
      "INSERT INTO posts (room, day, topic) VALUES ('tea', 3, ?)",
      posts,
      ["topic"],
      ["x"],
      ["insert posts room=tea day=3 set topic"],
    ],
    [
      `INSERT INTO posts (room, day, at, n) VALUES (?, ?, ${AT}, 007) USING TTL 5`,
      posts,
      ["room", "day"],
      ["tea", 3],
      [`insert posts room=tea day=3 at=${AT} n=7 set ttl 5`],
    ],
    [
      "INSERT INTO posts (room, day, at) VALUES (?, ?, ?)",
      posts,
      ["room", "day", "at"],
      ["tea", 3, AT],
      ["insert posts room=tea day=3 set"],
    ],
    [
      "UPDATE users SET name = ? WHERE id IN (?, 2, ?) IF EXISTS",
      users,
      ["name", "id", "id"],
      ["a", 1, 3],
      [1, 2, 3].map((id) => `update users id=${id} set name if exists`),
    ],
    [
      "UPDATE users SET name = 'x' WHERE id IN ?",
      users,
      ["in(id)"],
      [[4, "5"]],
      ["update users id=4 set name", "update users id=5 set name"],
    ],
    ["UPDATE users SET name = 'x' WHERE id IN ()", users, [], [], []],
    [
      "UPDATE posts SET topic = 'x' WHERE day = ? AND room = ?",
      posts,
      ["day", "room"],
      [3, "tea"],
      ["update posts room=tea day=3 set topic"],
    ],
    [
      "UPDATE likes SET likes = likes + ? WHERE id = ?",
      likes,
      ["likes", "id"],
      [1, AT],
      [`increment likes id=${AT} by likes`],
    ],
    ["DELETE FROM users WHERE id = ?", users, ["id"], [1], ["delete users id=1"]],
    ["DELETE name FROM users WHERE id = ? IF name = 'x'", users, ["id"], [1], ["update users id=1 set name if exists"]],
    [
      "DELETE topic FROM posts WHERE room = ? AND day = ?",
      posts,
      ["room", "day"],
      ["tea", 3],
      ["update posts room=tea day=3 set topic"],
    ],
    [
      "DELETE FROM posts WHERE room = ? AND day IN (1, ?)",
      posts,
      ["room", "day"],
      ["tea", 3],
      ["deletePartition posts room=tea day=1", "deletePartition posts room=tea day=3"],
    ],
    [
      `DELETE FROM posts WHERE room = 'a' AND day = 1 AND at IN (${AT}, ?)`,
      posts,
      ["at"],
      [AT2],
      [`deleteRange posts room=a day=1 at=${AT} range n`, `deleteRange posts room=a day=1 at=${AT2} range n`],
    ],
    [
      "DELETE FROM posts WHERE room = 'a' AND day = 1 AND at > ?",
      posts,
      ["at"],
      [AT],
      ["deleteRange posts room=a day=1 range at"],
    ],
    [
      "DELETE FROM posts WHERE room = 'a' AND day = 1 AND (at, n) > (?, 3)",
      posts,
      ["at"],
      [AT],
      ["deleteRange posts room=a day=1 range at"],
    ],
    [
      `DELETE FROM posts WHERE room = 'a' AND day = 1 AND at = ${AT} AND n = ?`,
      posts,
      ["n"],
      [9],
      [`delete posts room=a day=1 at=${AT} n=9`],
    ],
    ["TRUNCATE posts", posts, [], [], ["truncate posts"]],
    [
      "BEGIN BATCH DELETE FROM users WHERE id = 1; INSERT INTO users (id) VALUES (?) APPLY BATCH",
      users,
      ["id"],
      [2],
      ["delete users id=1", "insert users id=2 set"],
    ],
    [
      "INSERT INTO users JSON ?",
      users,
      ["[json]"],
      ['{"ID": "042", "\\"name\\"": null}'],
      ["insert users id=42 set name"],
    ],
    ["INSERT INTO users JSON '{\"id\": -3}' DEFAULT UNSET", users, [], [], ["insert users id=-3 set"]],
    [
      `INSERT INTO posts JSON '{"room": "a", "day": 1, "at": "${AT}", "n": 2}'`,
      posts,
      [],
      [],
      [`insert posts room=a day=1 at=${AT} n=2 set topic body`],
    ],
    ["DELETE FROM hosts WHERE ip = ?", hosts, ["ip"], ["::ffff:1.2.3.4"], ["deletePartition hosts ip=::ffff:102:304"]],
    ["DELETE FROM hosts WHERE ip = '::ffff:1.2.3.4'", hosts, [], [], ["deletePartition hosts ip=1.2.3.4"]],
    ["DELETE FROM hosts WHERE ip IN ?", hosts, ["in(ip)"], [["::ffff:1.2.3.4"]], ["deletePartition hosts ip=1.2.3.4"]],
    ["INSERT INTO other (id) VALUES (now())", users, [], [], []],
    ["INSERT INTO elsewhere.users (id) VALUES (now())", users, [], [], []],
  ])("%s", (cql, of, names, params, mutations) => {
    expect(written(cql, of, names, params)).toEqual(mutations);
  });

  test("values given by name are found as the driver finds them, in lower case", () => {
    const cql = "INSERT INTO users (id, name) VALUES (:Id, :n)";
    expect(written(cql, users, ["id", "n"], { ID: 5, N: "x" })).toEqual(["insert users id=5 set name"]);
    expect(derive(cql, preparedAs(users, "id", "n"), { id: 5 }, declared)).toMatchObject({ kind: "refused" });
  });

  test("a key is what the driver stores, and not what it was given", () => {
    const key = (given: unknown) => written("DELETE FROM users WHERE id = ?", users, ["id"], [given]);
    expect(key(3.7)).toEqual(["delete users id=3"]);
    expect(key("0x1f")).toEqual(["delete users id=31"]);
    const room = (given: string) => written("DELETE FROM posts WHERE room = ? AND day = 1", posts, ["room"], [given]);
    expect(room("\ud800")).toEqual(["deletePartition posts room=\ufffd day=1"]);
  });

  test("more than 100 rows are their partitions, and more than 100 partitions the table", () => {
    const many = Array.from({ length: 101 }, (_, i) => i);
    const cql = "UPDATE posts SET body = 'x' WHERE room = 'a' AND day IN ? AND at = ? AND n IN ?";
    const rows = (days: unknown, ns: unknown) => written(cql, posts, ["in(day)", "at", "in(n)"], [days, AT, ns]);
    expect(rows([1], many.slice(1))).toHaveLength(100);
    expect(rows([1, 2], many)).toEqual(["deletePartition posts room=a day=1", "deletePartition posts room=a day=2"]);
    expect(rows(many, [1])).toEqual(["truncate posts"]);
  });
});

describe("refused, and never passed over", () => {
  const refused = (cql: string, of: Table, names: readonly string[], params: unknown): unknown =>
    derive(cql, preparedAs(of, ...names), params, declared);

  test.each<[string, string, string[], unknown[]]>([
    ["a call in a key", "INSERT INTO users (id) VALUES (f(?))", ["f"], [1]],
    ["a sum in a key", "UPDATE users SET name = 'x' WHERE id = ? + 1", ["id"], [1]],
    ["a cast in a key", "UPDATE users SET name = 'x' WHERE id = (int) ?", ["id"], [1]],
    ["a null literal in a key", "INSERT INTO users (id) VALUES (null)", [], []],
    ["a literal of another type", "INSERT INTO users (id) VALUES ('1')", [], []],
    ["a literal beyond its type", "INSERT INTO users (id) VALUES (2147483648)", [], []],
    ["null for a key", "DELETE FROM users WHERE id = ?", ["id"], [null]],
    ["undefined for a key", "DELETE FROM users WHERE id = ?", ["id"], [undefined]],
    ["unset for a key", "DELETE FROM users WHERE id = ?", ["id"], [types.unset]],
    ["NaN for an int", "DELETE FROM users WHERE id = ?", ["id"], [Number.NaN]],
    ["what the driver cannot encode", "DELETE FROM users WHERE id = ?", ["id"], [{}]],
    ["an empty list, which the driver makes null of", "DELETE FROM users WHERE id IN ?", ["in(id)"], [[]]],
    ["a null in a list", "DELETE FROM users WHERE id IN ?", ["in(id)"], [[1, null]]],
    ["too few values", "INSERT INTO users (id, name) VALUES (?, ?)", ["id", "name"], [1]],
    ["too many values", "INSERT INTO users (id, name) VALUES (?, ?)", ["id", "name"], [1, "a", 2]],
    ["no partition key", "UPDATE users SET name = 'x' WHERE name = 'y'", [], []],
    ["a column outside the key", "UPDATE users SET name = 'x' WHERE id = 1 AND name = 'y'", [], []],
    ["a column twice", "UPDATE users SET name = 'x' WHERE id = 1 AND id = 2", [], []],
    ["a bound on the partition key", "DELETE FROM users WHERE id > 1", [], []],
    ["JSON that is none", "INSERT INTO users JSON '{id: 1}'", [], []],
    ["JSON with a column twice", `INSERT INTO users JSON '{"id": 1, "ID": 2}'`, [], []],
    ["JSON of another kind", "INSERT INTO users JSON '[1]'", [], []],
    ["JSON with a key that is null", `INSERT INTO users JSON '{"id": null}'`, [], []],
    ["JSON without the key", `INSERT INTO users JSON '{"name": "x"}'`, [], []],
    ["a number that lost digits in JSON", `INSERT INTO hosts JSON '{"ip": "::1", "n": 9007199254740993}'`, [], []],
    ["JSON from a call", "INSERT INTO users JSON f(?)", ["f"], ["{}"]],
  ])("%s", (_, cql, names, params) => {
    expect(refused(cql, users, names, params)).toMatchObject({ kind: "refused" });
  });

  test.each<[string, string, string[]]>([
    ["another number of markers", "INSERT INTO users (id, name) VALUES (?, 'x')", ["id", "name"]],
    ["markers for other columns", "INSERT INTO users (id, name) VALUES (?, ?)", ["name", "id"]],
    ["a marker for one value where a list was read", "DELETE FROM users WHERE id IN ?", ["id"]],
    ["a marker for a column that was not read", "INSERT INTO users (id, name) VALUES (1, ?)", ["nickname"]],
    ["a named marker more", "INSERT INTO users (id, name) VALUES (:a, {'b': c})", ["a", "c"]],
  ])("the server has %s", (_, cql, names) => {
    expect(
      refused(
        cql,
        users,
        names,
        names.map(() => 1),
      ),
    ).toMatchObject({ kind: "refused" });
  });

  test("the server has another partition key, table or keyspace", () => {
    const cql = "INSERT INTO users (id, name) VALUES (?, ?)";
    const prepared = preparedAs(users, "id", "name");
    const columns = (change: object) => prepared.columns.map((column) => ({ ...column, ...change }));
    const others = [
      { partitionKeys: [1] },
      { partitionKeys: [] },
      { partitionKeys: [0, 1] },
      { columns: columns({ table: "posts" }) },
      { columns: columns({ keyspace: "other" }) },
    ];
    for (const other of others) {
      expect(derive(cql, { ...prepared, ...other }, [1, "x"], declared)).toMatchObject({ kind: "refused" });
    }
    expect(derive(cql, prepared, [1, "x"], declared)).toMatchObject({ kind: "mutations" });
  });

  test("names the table, so that no other has to be touched", () => {
    const refusal = refused("INSERT INTO users (id) VALUES (f())", users, [], []);
    expect(refusal).toMatchObject({ kind: "refused", at: 31, table: { keyspace: "ks", table: "users" } });
  });

  test("a TTL on a table that is declared to have none is an error: what expires can be announced by nobody", () => {
    const cql = "INSERT INTO users (id) VALUES (1) USING TTL ?";
    expect(() => refused(cql, users, ["[ttl]"], [5])).toThrow(MutationError);
    for (const none of [0, null, types.unset])
      expect(refused(cql, users, ["[ttl]"], [none])).toMatchObject({ kind: "mutations" });
  });
});
