import { Client, type ClientOptions } from "cassandra-driver";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClientEncodingError, driverEncoding, fromDriver, toDriver } from "../../src/adapters/cassandra/codec.ts";
import type { ColumnType } from "../../src/spec/column-type.ts";
import * as t from "../../src/spec/types/index.ts";
import { canonicalOf, keyTypes } from "../spec/type-arbitraries.ts";
import { describeReal } from "../support/real.ts";

const SEED = 20261121;
const address = t.udt("address", { street: t.text, zip: t.int, tags: t.frozen(t.set(t.text)) });

/** A column of every kind that is no key: collections frozen and not, in each other, and of every awkward element. */
const columns: Readonly<Record<string, ColumnType>> = {
  ...Object.fromEntries(keyTypes.map((type) => [`s_${type.cql}`, type])),
  duration: t.duration,
  list_text: t.list(t.text),
  list_float: t.list(t.float),
  list_inet: t.list(t.inet),
  list_duration: t.list(t.duration),
  frozen_list: t.frozen(t.list(t.int)),
  set_uuid: t.set(t.uuid),
  frozen_set: t.frozen(t.set(t.decimal)),
  map_text: t.map(t.text, t.text),
  map_blob: t.map(t.blob, t.bigint),
  map_boolean: t.map(t.boolean, t.inet),
  map_timestamp: t.map(t.timestamp, t.frozen(t.list(t.date))),
  frozen_map: t.frozen(t.map(t.decimal, t.double)),
  tuple: t.tuple(t.int, t.text, t.frozen(t.set(t.time))),
  vector_float: t.vector(t.float, 3),
  vector_text: t.vector(t.text, 2),
  vector_vector: t.vector(t.vector(t.varint, 2), 2),
  udt: t.frozen(address),
  loose_udt: t.udt("point", { x: t.double, y: t.tinyint }),
  list_udt: t.list(t.frozen(address)),
  set_list: t.set(t.frozen(t.list(t.smallint))),
  set_tuple: t.set(t.tuple(t.int, t.text)),
  list_map: t.list(t.frozen(t.map(t.int, t.frozen(t.list(t.text))))),
};

const sample = <T>(of: fc.Arbitrary<T>, count: number): readonly T[] => fc.sample(of, { numRuns: count, seed: SEED });

/** Values of a key type, each row of Cassandra once: decimals by value where they are clustering keys. */
function distinct(type: t.KeyType, same: (a: unknown, b: unknown) => boolean): readonly unknown[] {
  const values: unknown[] = [];
  for (const value of sample(canonicalOf(type), 150)) {
    if (!values.some((other) => same(value, other))) values.push(value);
  }
  return values;
}

/** What Cassandra keeps of a value: nothing, where all of it is nothing and the cell is not frozen. */
function storedAs({ shape }: ColumnType, value: unknown): unknown {
  if (!("frozen" in shape) || shape.frozen) return value;
  const parts = Object.values(Object(value));
  return parts.every((part) => shape.kind === "udt" && part === null) ? null : value;
}

const prepared = { prepare: true, fetchSize: 0 } as const;

describeReal("types on a real Cassandra", (real) => {
  let client: Client;
  let keyspace: string;
  const connect = (options: Partial<ClientOptions>): Client => {
    const { contactPoints, localDataCenter } = real.cassandra;
    return new Client({ contactPoints: [...contactPoints], localDataCenter, ...options });
  };

  beforeAll(async () => {
    keyspace = await real.keyspace();
    client = connect({ encoding: driverEncoding });
    await client.execute(`CREATE TYPE ${keyspace}.address (street text, zip int, tags set<text>)`);
    await client.execute(`CREATE TYPE ${keyspace}.point (x double, y tinyint)`);
  }, 60_000);

  afterAll(async () => {
    await client.shutdown();
  });

  describe.each(keyTypes.map((type) => ({ cql: type.cql, type })))("$cql", ({ type }) => {
    test("as a partition key: two rows have two key texts, and each reads back as the text it was written by", async () => {
      const table = `pk_${type.cql}`;
      await client.execute(`CREATE TABLE ${keyspace}.${table} (k ${type.cql} PRIMARY KEY, written text)`);
      const values = distinct(type, Object.is).filter((value) => value !== ""); // no partition key may be empty
      const insert = `INSERT INTO ${keyspace}.${table} (k, written) VALUES (?, ?)`;
      await Promise.all(
        values.map((value) => client.execute(insert, [toDriver(type, value), type.keyText.write(value)], prepared)),
      );

      const { rows } = await client.execute(`SELECT k, written FROM ${keyspace}.${table}`, [], prepared);
      expect(rows).toHaveLength(values.length);
      for (const row of rows) expect(type.keyText.write(fromDriver(type, row.k))).toBe(row.written);
      const select = `SELECT written FROM ${keyspace}.${table} WHERE k = ?`;
      const found = await Promise.all(values.map((value) => client.execute(select, [toDriver(type, value)], prepared)));
      expect(found.map((one) => one.first()?.written)).toEqual(values.map((value) => type.keyText.write(value)));
    }, 60_000);

    test("as a clustering key: rows come in the order of compare, and are one row where it finds no difference", async () => {
      const table = `ck_${type.cql}`;
      await client.execute(
        `CREATE TABLE ${keyspace}.${table} (p int, k ${type.cql}, written text, PRIMARY KEY (p, k))`,
      );
      const values = distinct(type, (a, b) => type.compare(a, b) === 0);
      const insert = `INSERT INTO ${keyspace}.${table} (p, k, written) VALUES (1, ?, ?)`;
      await Promise.all(
        values.map((value) => client.execute(insert, [toDriver(type, value), type.keyText.write(value)], prepared)),
      );

      const { rows } = await client.execute(`SELECT k, written FROM ${keyspace}.${table} WHERE p = 1`, [], prepared);
      const expected = [...values].sort(type.compare);
      expect(rows.map((row) => fromDriver(type, row.k))).toEqual(expected);
      expect(rows.map((row) => row.written)).toEqual(expected.map((value) => type.keyText.write(value)));
    }, 60_000);

    test("as the element of a set: the server's order and its idea of a duplicate are ours", async () => {
      const table = `set_${type.cql}`;
      await client.execute(
        `CREATE TABLE ${keyspace}.${table} (k int PRIMARY KEY, loose set<${type.cql}>, whole frozen<set<${type.cql}>>)`,
      );
      const elements = sample(canonicalOf(type), 40);
      // Bound as a list, so that the server and not toDriver sorts them. Both collections have the same bytes.
      const unsorted = toDriver(t.list(type), elements);
      await client.execute(
        `INSERT INTO ${keyspace}.${table} (k, loose, whole) VALUES (1, ?, ?)`,
        [unsorted, unsorted],
        prepared,
      );
      const row = (await client.execute(`SELECT loose, whole FROM ${keyspace}.${table}`, [], prepared)).first();
      const expected = t.set(type).accept(elements);
      for (const column of ["loose", "whole"])
        expect(t.list(type).accept(fromDriver(t.list(type), row?.get(column)))).toEqual(expected);
    }, 60_000);
  });

  describe("every column type", () => {
    beforeAll(async () => {
      const list = Object.entries(columns).map(([name, type]) => `${name} ${type.cql}`);
      await client.execute(`CREATE TABLE ${keyspace}.columns (k int PRIMARY KEY, ${list.join(", ")})`);
    }, 60_000);

    test("has the name that the server gives it", async () => {
      const names = await client.execute(
        "SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = 'columns'",
        [keyspace],
        prepared,
      );
      const ofServer = Object.fromEntries(names.rows.map((row) => [row.column_name, row.type]));
      expect(ofServer).toEqual({
        k: "int",
        ...Object.fromEntries(Object.entries(columns).map(([name, { cql }]) => [name, cql])),
      });
    });

    test.each(Object.entries(columns))(
      "%s reads back as it was accepted, and empty as null where it is a collection that is not frozen",
      async (name, type) => {
        const insert = `INSERT INTO ${keyspace}.columns (k, ${name}) VALUES (?, ?)`;
        const select = `SELECT ${name} FROM ${keyspace}.columns WHERE k = ?`;
        const writeAndRead = async (value: unknown, k: number): Promise<unknown> => {
          await client.execute(insert, [k, toDriver(type, value)], prepared);
          return (await client.execute(select, [k], prepared)).first()?.get(name);
        };
        const values = sample(canonicalOf(type), 30);
        const read = await Promise.all(values.map(writeAndRead));
        expect(read.map((raw) => fromDriver(type, raw))).toEqual(values.map((value) => storedAs(type, value)));
        if (type.shape.kind !== "set") return;
        const asList = t.list(type.shape.of); // so that the order is the server's
        expect(read.map((raw) => fromDriver(asList, raw))).toEqual(values.map((value) => storedAs(type, value)));
      },
    );

    test("is null where null was written", async () => {
      const names = Object.keys(columns);
      const nulls = Object.values(columns).map((type) => toDriver(type, null));
      const insert = `INSERT INTO ${keyspace}.columns (k, ${names.join(", ")}) VALUES (1000, ${names.map(() => "?").join(", ")})`;
      await client.execute(insert, nulls, prepared);
      const row = (await client.execute(`SELECT * FROM ${keyspace}.columns WHERE k = 1000`, [], prepared)).first();
      for (const [name, type] of Object.entries(columns)) expect(fromDriver(type, row?.get(name))).toBeNull();
    });
  });

  test("a counter counts beyond 2^53", async () => {
    await client.execute(`CREATE TABLE ${keyspace}.counters (k int PRIMARY KEY, n counter)`);
    for (const step of [9007199254740993n, 1n, -2n]) {
      await client.execute(
        `UPDATE ${keyspace}.counters SET n = n + ? WHERE k = 1`,
        [toDriver(t.counter, step), 1].slice(0, 1),
        prepared,
      );
    }
    const row = (await client.execute(`SELECT n FROM ${keyspace}.counters`, [], prepared)).first();
    expect(fromDriver(t.counter, row?.n)).toBe("9007199254740992");
  });

  test("a client without driverEncoding cannot write a map, instead of writing an empty one", async () => {
    const plain = connect({});
    const insert = `INSERT INTO ${keyspace}.columns (k, map_text) VALUES (2000, ?)`;
    await expect(plain.execute(insert, [toDriver(t.map(t.text, t.text), { a: "b" })], prepared)).rejects.toThrow(
      ClientEncodingError,
    );
    await plain.shutdown();
  });

  test("decimals 1.1 and 1.10 are two partitions but one clustering row, which keeps the text it was first written by", async () => {
    await client.execute(`CREATE TABLE ${keyspace}.prices (p decimal, c decimal, n int, PRIMARY KEY (p, c))`);
    for (const [n, text] of ["1.1", "1.10"].entries()) {
      for (const p of ["1.1", "1.10"]) {
        await client.execute(
          `INSERT INTO ${keyspace}.prices (p, c, n) VALUES (?, ?, ?)`,
          [toDriver(t.decimal, p), toDriver(t.decimal, text), n],
          prepared,
        );
      }
    }
    const { rows } = await client.execute(`SELECT p, c, n FROM ${keyspace}.prices`, [], prepared);
    const read = rows.map((row) => [fromDriver(t.decimal, row.p), fromDriver(t.decimal, row.c), row.n]);
    expect(read.sort()).toEqual([
      ["1.1", "1.1", 1],
      ["1.10", "1.1", 1],
    ]);
  });
});
