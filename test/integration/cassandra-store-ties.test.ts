import type { Client } from "cassandra-driver";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { createMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import type { ColumnType } from "../../src/spec/column-type.ts";
import type { Mutation, Values } from "../../src/spec/mutation.ts";
import { table } from "../../src/spec/table.ts";
import * as t from "../../src/spec/types/index.ts";
import { connectTo } from "../ports/store-cassandra.ts";
import { createStatements } from "../ports/store-cql.ts";
import { fresh, Subject } from "../ports/store-subject.ts";
import { canonicalOf, keyTypes } from "../spec/type-arbitraries.ts";
import { describeReal } from "../support/real.ts";

/** Every scalar type, and every way to nest them that makes one cell. */
const types: readonly ColumnType[] = [
  ...keyTypes,
  t.duration,
  t.frozen(t.list(t.text)),
  t.frozen(t.set(t.varint)),
  t.frozen(t.map(t.int, t.decimal)),
  t.frozen(t.udt("pair", { left: t.int, right: t.text })),
  t.tuple(t.int, t.text),
  t.vector(t.float, 2),
  t.vector(t.text, 2),
  t.frozen(t.list(t.frozen(t.map(t.text, t.inet)))),
];
const columns = Object.fromEntries(types.map((type, i) => [`c${i}`, type]));
const ties = table("ties", { id: t.int, ...columns }, { partition: ["id"], ttl: "never" });

const values: fc.Arbitrary<Values> = fc.record(
  Object.fromEntries(Object.entries(columns).map(([column, type]) => [column, canonicalOf(type)])),
);

describeReal("of two values written with one timestamp", (real) => {
  let client: Client;
  let cassandra: Subject;
  beforeAll(async () => {
    const keyspace = await real.keyspace();
    client = connectTo(real);
    for (const cql of createStatements(keyspace, [ties])) await client.execute(cql);
    cassandra = subjectOf(createCassandraStore({ client, keyspace }));
  });
  afterAll(async () => {
    await client.shutdown();
  });

  it("the memory store keeps the one that Cassandra keeps, whatever their type", async () => {
    const memory = subjectOf(createMemoryStore({ clock: systemClock, tables: [ties] }));
    const property = fc.asyncProperty(values, values, async (first, second) => {
      const id = fresh();
      for (const set of [first, second]) {
        const written: Mutation = { op: "insert", table: ties, key: { id }, set };
        await Promise.all([memory.write(100, written), cassandra.write(100, written)]);
      }
      expect(await memory.row(ties, { id })).toEqual(await cassandra.row(ties, { id }));
    });
    await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 6_000 });
  });
});

const subjectOf = (store: Subject["store"]): Subject =>
  new Subject({ store, elapse: async () => {}, close: async () => {} });
