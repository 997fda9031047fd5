import { describe, expect, test } from "vitest";
import { z } from "zod";
import { backendRouter } from "../../src/http/backend-router.ts";
import { batchSchema } from "../../src/http/batch-schema.ts";
import { writableTables } from "../../src/http/writable-tables.ts";
import { fakeWriter } from "./fake-writer.ts";
import { serving } from "./server.ts";
import { tables } from "./social.ts";

const POST_ID = "00000000-0000-4000-8000-000000000000";

async function batch(body: unknown) {
  const writer = fakeWriter();
  const url = await serving(backendRouter({ writer, tables }));
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/batch`, { method: "POST", headers, body: JSON.stringify(body) });
  const wrote = writer.written.map((m) => ({ ...m, table: m.table.name }));
  return { status: response.status, json: JSON.parse(await response.text()), wrote };
}

describe("a batch", () => {
  test("is one write of all its items, in order", async () => {
    const key = { user_id: 42, friend_id: 7 };
    const items = [
      { op: "insert", table: "users", key: { id: 42 }, set: { name: "Ada" }, ttlSeconds: 60 },
      { op: "insert", table: "friendships", key },
      { op: "insert", table: "users", key: { id: 43 }, ifNotExists: true },
      { op: "update", table: "users", key: { id: 42 }, set: { email: null }, if: { name: "Ada" } },
      { op: "update", table: "users", key: { id: 42 }, set: { email: "a" }, ifExists: true, ttlSeconds: 5 },
      { op: "update", table: "rooms", key: { room: "tea" }, set: { topic: "cake" } },
      { op: "delete", table: "friendships", key, ifExists: true },
      { op: "delete", table: "users", key: { id: 42 }, if: { email: null } },
      { op: "increment", table: "likes", key: { post: POST_ID }, by: { likes: "-2" } },
      { op: "deletePartition", table: "friendships", key: { user_id: 42 } },
      { op: "deleteRange", table: "friendships", key: { user_id: 42 }, range: { gte: 7, lt: 9 } },
      { op: "deleteRange", table: "rooms", key: { room: "tea", at: "2026-11-21T12:00Z" } },
    ];
    const { status, json, wrote } = await batch(items);
    expect([status, json]).toEqual([200, { position: "e1.8", applied: true, timestampMicros: 1_700_000_000_000_000 }]);
    expect(wrote).toEqual([
      { op: "insert", table: "users", key: { id: 42 }, set: { name: "Ada" }, ttlSeconds: 60 },
      { op: "insert", table: "friendships", key, set: {} },
      { op: "insert", table: "users", key: { id: 43 }, set: {}, condition: { kind: "notExists" } },
      {
        op: "update",
        table: "users",
        key: { id: 42 },
        set: { email: null },
        condition: { kind: "equals", values: { name: "Ada" } },
      },
      {
        op: "update",
        table: "users",
        key: { id: 42 },
        set: { email: "a" },
        condition: { kind: "exists" },
        ttlSeconds: 5,
      },
      { op: "update", table: "rooms", key: { room: "tea" }, set: { topic: "cake" } },
      { op: "delete", table: "friendships", key, condition: { kind: "exists" } },
      { op: "delete", table: "users", key: { id: 42 }, condition: { kind: "equals", values: { email: null } } },
      { op: "increment", table: "likes", key: { post: POST_ID }, by: { likes: "-2" } },
      { op: "deletePartition", table: "friendships", key: { user_id: 42 } },
      {
        op: "deleteRange",
        table: "friendships",
        key: { user_id: 42 },
        range: { column: "friend_id", gte: 7, lt: 9 },
      },
      {
        op: "deleteRange",
        table: "rooms",
        key: { room: "tea", at: "2026-11-21T12:00:00.000Z" },
        range: { column: "id" },
      },
    ]);
  });

  test.each<[unknown, readonly string[]]>([
    [{}, ["#"]],
    [[], ["#"]],
    [
      [1, null],
      ["#/0", "#/1"],
    ],
    [[{}], ["#/0/op"]],
    [[{ op: "truncate", table: "users" }], ["#/0/op"]],
    [[{ op: "__proto__", table: "users" }], ["#/0/op"]],
    [[{ op: "insert", table: "nobody", key: {} }], ["#/0/table"]],
    [[{ op: "insert", table: "likes", key: { post: POST_ID } }], ["#/0/table"]],
    [[{ op: "increment", table: "users", key: { id: 1 }, by: {} }], ["#/0/table"]],
    [[{ op: "insert", table: "users", key: { id: "42" }, set: { nmae: "x" } }], ["#/0/key/id", "#/0/set/nmae"]],
    [[{ op: "insert", table: "users", key: {} }], ["#/0/key/id"]],
    [[{ op: "insert", table: "users", key: { id: 1 }, set: { id: 2 } }], ["#/0/set/id"]],
    [[{ op: "insert", table: "users", key: { id: 1 }, ttl: 5 }], ["#/0/ttl"]],
    [[{ op: "insert", table: "users", key: { id: 1 }, ttlSeconds: 0 }], ["#/0/ttlSeconds"]],
    [[{ op: "insert", table: "users", key: { id: 1 }, ifNotExists: false }], ["#/0/ifNotExists"]],
    [[{ op: "update", table: "users", key: { id: 1 } }], ["#/0/set"]],
    [[{ op: "delete", table: "friendships", key: { user_id: 1 } }], ["#/0/key/friend_id"]],
    [[{ op: "deletePartition", table: "friendships", key: { user_id: 1, friend_id: 2 } }], ["#/0/key/friend_id"]],
    [[{ op: "deleteRange", table: "friendships", key: { user_id: 1 }, range: { bigger: 1 } }], ["#/0/range/bigger"]],
    [[{ op: "deleteRange", table: "users", key: { id: 1 }, range: {} }], ["#/0/table"]],
  ])("%j is refused, with the places of its faults", async (body, pointers) => {
    const { status, json, wrote } = await batch(body);
    expect([status, wrote]).toEqual([400, []]);
    expect(json.errors.map((e: { pointer: string }) => e.pointer)).toEqual(pointers);
  });

  test("with several items that mean nothing is refused whole, and each is named", async () => {
    const { status, json, wrote } = await batch([
      { op: "update", table: "users", key: { id: 1 }, set: {} },
      { op: "insert", table: "users", key: { id: 1 } },
      { op: "deleteRange", table: "friendships", key: { user_id: 1 } },
      { op: "deleteRange", table: "friendships", key: { user_id: 1 }, range: { gt: "x" } },
      { op: "update", table: "friendships", key: { user_id: 1 }, set: { since: null } },
      { op: "delete", table: "users", key: { id: 1 }, if: { name: "a" }, ifExists: true },
    ]);
    expect([status, wrote, json.code]).toEqual([422, [], "E_MUTATION"]);
    expect(json.errors.map((e: { pointer: string }) => e.pointer)).toEqual(["#/0", "#/2", "#/3", "#/4", "#/5"]);
  });

  test("of more than 500 is refused", async () => {
    const items = Array.from({ length: 501 }, (_, id) => ({ op: "insert", table: "users", key: { id } }));
    expect((await batch(items)).status).toBe(400);
    expect((await batch(items.slice(1))).status).toBe(200);
  });
});

describe("the schemas of bodies", () => {
  test("are JSON Schema too", () => {
    const schema = z.toJSONSchema(batchSchema([...writableTables(tables).values()]));
    expect(schema).toMatchObject({ type: "array", minItems: 1, maxItems: 500 });
    for (const { schemas } of writableTables(tables).values()) {
      for (const each of Object.values(schemas))
        expect(z.toJSONSchema(each)).toMatchObject({ additionalProperties: false });
    }
  });

  test("of no tables take no batch", () => {
    expect(batchSchema([]).safeParse([{ op: "insert" }]).success).toBe(false);
  });

  test("refuse two tables of one name", () => {
    expect(() => writableTables([...tables, ...tables])).toThrow("two tables are called users");
  });
});
