import { Client, errors } from "cassandra-driver";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromDriver } from "../../src/adapters/cassandra/codec.ts";
import { StatementReader } from "../../src/adapters/cassandra/cql/statement-reader.ts";
import { type Table, table } from "../../src/spec/table.ts";
import type { KeyType } from "../../src/spec/types/index.ts";
import { jsonValuesOf, literalsOf } from "../cql/literal-text.ts";
import { canonicalOf, keyTypes } from "../spec/type-arbitraries.ts";
import { describeReal } from "../support/real.ts";

const SEED = Number(process.env.SEED ?? 20261125);
const RUNS = Number(process.env.RUNS ?? 25);
const TIME_LIMIT_MS = process.env.RUNS === undefined ? 1_000 : 600_000;

/** What other forms are there, in or near what Cassandra takes. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  ascii: ["'é'", "$$a$$", "5"],
  bigint: ["-0", "00", "9223372036854775808", "1.0", "'5'"],
  blob: ["0x0", "0xABcd", "'ff'"],
  boolean: ["True", "'true'", "1"],
  date: [
    "'1582-10-10'",
    "'0001-01-01'",
    "'2026-1-2'",
    "'2026-02-30'",
    "'2147483648'",
    "2147483648",
    "-5",
    "0",
    "'9999-12-31'",
    "'12026-01-01'",
  ],
  decimal: ["1.", "-0.0", "007.50", "1e3", "1.5E-7", "1.e5", "-.5", "00", "1E+3"],
  double: ["1.", "-0", "-0.0", "1e400", "4.9e-324", "0.1", "NaN", "007", "123456789012345678901"],
  float: ["16777217", "16777217.0", "8.589973e9", "1e39", "1e-46", "3.4028235e38", "1.17549435e-38", "0.1"],
  inet: [
    "'::ffff:1.2.3.4'",
    "'1.2.3'",
    "'010.1.1.1'",
    "'::1.2.3.4'",
    "'FE80::1'",
    "'1:2:3:4:5:6:7:8'",
    "'0:0:0:0:0:0:0:1'",
  ],
  int: ["-0", "00", "2147483648", "1.0", "1e3"],
  smallint: ["-0", "32768"],
  text: ["''''", "$$it's$$", "'\u{1F600}'", "' '", "$$ $ $$"],
  time: [
    "'1:02:03'",
    "'01:02'",
    "'01:02:03.1'",
    "'24:00:00'",
    "0",
    "86400000000000",
    "-1",
    "'5'",
    "'01:02:03.1234567890'",
  ],
  timestamp: [
    "0",
    "-1",
    "'5'",
    "'2026-11-21'",
    "'2026-11-21T03:43Z'",
    "'2026-11-21T03:43:00.5Z'",
    "'2026-11-21T03:43:00.500Z'",
    "'2026-11-21T03:43:00+0100'",
    "'2026-11-21T03:43:00+01:00'",
    "'2026-11-21T03:43+01:00'",
    "'2026-02-30T00:00:00Z'",
    "'1582-10-10T00:00:00Z'",
    "'2026-11-21T24:00:00Z'",
    "'0001-01-01T00:00:00Z'",
  ],
  timeuuid: ["00000000-0000-4000-8000-000000000000", "now()"],
  tinyint: ["-0", "128"],
  uuid: ["uuid()", "'00000000-0000-4000-8000-000000000000'", "00000000-0000-0000-0000-000000000000"],
  varint: ["-0", "00012345678901234567890"],
};

describeReal("a literal that is understood is what the server stores", (real) => {
  let client: Client;
  let reader: StatementReader;
  const tables = keyTypes.map(
    (type): Table => Reflect.apply(table, undefined, [`k_${type.cql}`, { k: type }, { partition: ["k"] }]),
  );

  beforeAll(async () => {
    const keyspace = await real.keyspace();
    const { contactPoints, localDataCenter } = real.cassandra;
    client = new Client({ contactPoints: [...contactPoints], localDataCenter, keyspace });
    for (const { columns, name } of tables)
      await client.execute(`CREATE TABLE ${name} (k ${columns.k?.cql} PRIMARY KEY)`);
    reader = new StatementReader(client, { keyspace, tables });
  }, 120_000);
  afterAll(async () => {
    await client.shutdown();
  });

  /** What is derived and what is stored: undefined where it is refused by us, or by the server. */
  async function both(type: KeyType, cql: string): Promise<{ derived: unknown; stored: unknown }> {
    const analysed = reader.analyse(cql);
    const found = analysed.kind === "write" ? await reader.mutations(cql, analysed, []) : analysed;
    const [mutation] = found.kind === "mutations" ? found.mutations : [];
    const derived = mutation !== undefined && "key" in mutation ? mutation.key.k : undefined;
    return { derived, stored: await storedBy(type, cql) };
  }

  async function storedBy(type: KeyType, cql: string): Promise<unknown> {
    try {
      await client.execute(cql);
    } catch (error) {
      if (error instanceof errors.ResponseError) return undefined;
      throw error;
    }
    const { rows } = await client.execute(`SELECT k FROM k_${type.cql}`);
    await client.execute(`DELETE FROM k_${type.cql} WHERE k = ?`, [rows[0]?.k], { prepare: true });
    expect(rows).toHaveLength(1);
    return fromDriver(type, rows[0]?.k);
  }

  const insert = (type: KeyType, literal: string): string => `INSERT INTO k_${type.cql} (k) VALUES (${literal})`;
  const insertJson = (type: KeyType, value: string): string =>
    `INSERT INTO k_${type.cql} JSON '{"k": ${value.replaceAll("'", "''")}}'`;

  test("of a column that stands twice in a JSON under one spelling, both take the last", async () => {
    const int = keyTypes.find(({ cql }) => cql === "int") ?? expect.fail();
    expect(await both(int, `INSERT INTO k_int JSON '{"k": 1, "k": 2}'`)).toEqual({ derived: 2, stored: 2 });
  });

  describe.each(keyTypes.map((type) => ({ cql: type.cql, type })))("$cql", ({ type }) => {
    test.each([...(FORMS[type.cql] ?? [])])("%s", async (literal) => {
      const { derived, stored } = await both(type, insert(type, literal));
      // Refused by us, or by the server; else the same.
      if (derived !== undefined && stored !== undefined) expect(derived).toEqual(stored);
      const json = JSON.stringify(literal.replace(/^'(.*)'$/, "$1"));
      for (const value of [json, literal.replace(/^'(.*)'$/, '"$1"')]) {
        const inJson = await both(type, insertJson(type, value));
        if (inJson.derived !== undefined && inJson.stored !== undefined) expect(inJson.derived).toEqual(inJson.stored);
      }
    });

    test(
      "in each of its usual forms, which none refuses",
      async () => {
        const value = canonicalOf(type).filter((each) => each !== "");
        await fc.assert(
          fc.asyncProperty(value, async (canonical) => {
            const [literals, values] = [literalsOf(type, canonical), jsonValuesOf(type, canonical)];
            for (const cql of [
              ...literals.map((each) => insert(type, each)),
              ...values.map((each) => insertJson(type, each)),
            ]) {
              const found = await both(type, cql);
              expect({ cql, ...found }).toEqual({ cql, derived: canonical, stored: canonical });
            }
          }),
          { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS, endOnFailure: true },
        );
      },
      TIME_LIMIT_MS + 30_000,
    );
  });
});
