import { describe, expect, it } from "vitest";
import { selectShape, selectStatements } from "../../src/adapters/cassandra/select-statement.ts";
import { bind, StatementCache } from "../../src/adapters/cassandra/statement.ts";
import { writeBindings, writeShape, writeStatement } from "../../src/adapters/cassandra/write-statement.ts";
import { insert, type Mutation, remove, removeRange, update } from "../../src/spec/mutation.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import { table } from "../../src/spec/table.ts";
import { int } from "../../src/spec/types/index.ts";
import { events, friendships, people, posts } from "./store-tables.ts";

const cqlOf = (plan: ReadPlan): readonly string[] => selectStatements("ks", plan).map(({ cql }) => cql);

describe("the CQL of a read", () => {
  it("names every column, and asks for the TTL of those that may have one", () => {
    expect(cqlOf({ kind: "row", table: friendships, where: { user_id: 1, friend_id: 2 } })).toEqual([
      'SELECT "user_id", "friend_id", "since" FROM "ks"."friendships" WHERE "user_id" = ? AND "friend_id" = ?',
    ]);
    expect(cqlOf({ kind: "rows", table: events, where: { stream: 1 }, limit: 5 })).toEqual([
      'SELECT "stream", "at", "part", "kind", TTL("kind") AS "ttl(kind)" FROM "ks"."events" WHERE "stream" = ? LIMIT ?',
    ]);
  });

  it("compares tuples behind a cursor only where all orders are one", () => {
    const after = { at: 1, part: 2 };
    expect(cqlOf({ kind: "count", table: events, where: { stream: 1 }, after })).toEqual([
      'SELECT count(*) AS "count" FROM "ks"."events" WHERE "stream" = ? AND ("at", "part") < (?, ?)',
    ]);
    const mixed = cqlOf({
      kind: "count",
      table: posts,
      where: { tenant: "t", author: 1 },
      after: { day: 1, section: "s", number: 2 },
    });
    const from = 'SELECT count("day") AS "count" FROM "ks"."posts" WHERE "tenant" = ? AND "author" = ?';
    expect(mixed).toEqual([
      `${from} AND "day" = ? AND "section" = ? AND "number" < ?`,
      `${from} AND "day" = ? AND "section" > ?`,
      `${from} AND "day" < ?`,
    ]);
  });
});

describe("a statement", () => {
  it("binds its values in the order of its markers", () => {
    const mutation = update(
      events,
      { stream: 1, at: 2, part: 3 },
      { kind: "k" },
      { if: { kind: null }, ttlSeconds: 9 },
    );
    const statement = writeStatement("ks", mutation);
    expect(statement.cql).toBe(
      'UPDATE "ks"."events" USING TTL ? SET "kind" = ? WHERE "stream" = ? AND "at" = ? AND "part" = ? IF "kind" = ?',
    );
    expect(bind(events, statement, writeBindings(mutation))).toEqual([9, "k", 1, 2, 3, null]);
  });

  it("serves all mutations and reads of its shape, and no other", () => {
    const mutations: readonly Mutation[] = [
      insert(people, { id: 1 }),
      insert(people, { id: 1, name: "n" }),
      insert(people, { id: 1, name: "n" }, { ifNotExists: true }),
      update(people, { id: 1 }, { name: "n" }),
      update(people, { id: 1 }, { name: "n" }, { ifExists: true }),
      update(people, { id: 1 }, { name: "n" }, { if: { name: "n" } }),
      update(people, { id: 1 }, { name: "n" }, { if: { email: "n" } }),
      remove(people, { id: 1 }),
      remove(people, { id: 1 }, { ifExists: true }),
    ];
    expectShapes(mutations.map((each) => [writeShape(each), writeStatement("ks", each).cql]));
    const ranges = [{ gt: 1 }, { gte: 1 }, { lt: 1 }, { gt: 1, lt: 2 }].map((range) =>
      removeRange(friendships, { user_id: 1 }, range),
    );
    expectShapes(ranges.map((each) => [writeShape(each), writeStatement("ks", each).cql]));
    const where = { tenant: "t", author: 1 };
    const after = { day: 1, section: "s", number: 1 };
    const plans: readonly ReadPlan[] = [
      { kind: "rows", table: posts, where },
      { kind: "count", table: posts, where },
      { kind: "rows", table: posts, where: { ...where, day: 1 } },
      { kind: "rows", table: posts, where, limit: 1 },
      { kind: "rows", table: posts, where, after },
      { kind: "rows", table: posts, where, after, limit: 1 },
    ];
    expectShapes(plans.map((plan) => [selectShape(plan), cqlOf(plan).join("; ")]));
  });

  it("is made once for each table and shape, and no more than 500 are kept", () => {
    const cache = new StatementCache<number>();
    let made = 0;
    const make = () => ++made;
    expect([cache.get(people, "a", make), cache.get(people, "a", make)]).toEqual([1, 1]);
    const otherPeople = table("people", { id: int }, { partition: ["id"] });
    expect(cache.get(otherPeople, "a", make)).toBe(2);
    for (let i = 0; i < 600; i++) cache.get(people, `shape ${i}`, make);
    expect(cache.size).toBe(500);
  });
});

/** As many shapes as there are different texts, one to one. */
function expectShapes(pairs: readonly (readonly [shape: string, cql: string])[]): void {
  expect(new Set(pairs.map(([shape]) => shape)).size).toBe(pairs.length);
  expect(new Set(pairs.map(([, cql]) => cql)).size).toBe(pairs.length);
}
