import { Client, errors } from "cassandra-driver";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromDriver } from "../../src/adapters/cassandra/codec.ts";
import { StatementReader } from "../../src/adapters/cassandra/cql/statement-reader.ts";
import { type Catalog, catalogOf, defineKeys } from "../../src/spec/catalog.ts";
import { key } from "../../src/spec/declare-key.ts";
import type { AnyKey } from "../../src/spec/key.ts";
import type { Mutation, Values } from "../../src/spec/mutation.ts";
import { partitionName } from "../../src/spec/partition.ts";
import { primaryKeyOf, type Table } from "../../src/spec/table.ts";
import { type Touches, touchesOf } from "../../src/spec/touches.ts";
import { anyStatement, type Meant, type PrintedStatement } from "../cql/statement-arbitraries.ts";
import { anyTable, type TableWithPools } from "../cql/table-arbitraries.ts";
import { describeReal } from "../support/real.ts";

/** Another run, or a longer one: SEED=1 RUNS=5000 */
const SEED = Number(process.env.SEED ?? 20261125);
const RUNS = Number(process.env.RUNS ?? 800);
const TABLES = 10;
const TIME_LIMIT_MS = Number(process.env.RUNS === undefined ? 18_000 : 3_600_000);

describeReal("what a statement writes, told from its text", (real) => {
  let world: World;
  beforeAll(async () => {
    world = await World.open(real, await real.keyspace());
  }, 120_000);
  afterAll(async () => {
    await world.close();
  });

  test(
    "every row that a statement changes is among what its keys touch, and no key is of another partition",
    async () => {
      const property = fc.asyncProperty(anyStatement(world.tables), (statement) => world.check(statement));
      await fc.assert(property, {
        seed: SEED,
        numRuns: RUNS,
        interruptAfterTimeLimit: TIME_LIMIT_MS,
        endOnFailure: true, // the rows are other ones after a first run
      });
      console.log(`${JSON.stringify(world.counts)} statements, seed ${SEED}`);
      // A test of statements that the server refuses, or that change nothing, would show nothing.
      expect(world.counts.refusedByServer).toBeLessThan(world.counts.executed / 10);
      expect(world.counts.changing).toBeGreaterThan(world.counts.executed / 4);
    },
    TIME_LIMIT_MS + 30_000,
  );
});

type Rows = ReadonlyMap<string, { readonly row: Values; readonly content: string }>;

class World {
  readonly counts = { executed: 0, changing: 0, refusedByServer: 0 };
  readonly tables: readonly TableWithPools[];
  readonly #client: Client;
  readonly #reader: StatementReader;
  readonly #catalog: Catalog;

  static async open(
    real: { readonly cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string } },
    keyspace: string,
  ): Promise<World> {
    const { contactPoints, localDataCenter } = real.cassandra;
    const client = new Client({ contactPoints: [...contactPoints], localDataCenter, keyspace });
    const world = new World(client, keyspace);
    for (const { table } of world.tables) await client.execute(createTable(table));
    return world;
  }

  private constructor(client: Client, keyspace: string) {
    this.#client = client;
    const made = Array.from({ length: TABLES }, (_, i) => fc.sample(anyTable(`t${i}`), { numRuns: 1, seed: SEED + i }));
    this.tables = made.flat();
    const tables = this.tables.map(({ table }) => table);
    this.#reader = new StatementReader(client, { keyspace, tables });
    this.#catalog = catalogOf(defineKeys(Object.fromEntries(tables.flatMap(keysOf))));
  }

  async close(): Promise<void> {
    await this.#client.shutdown();
  }

  async check(statement: PrintedStatement): Promise<void> {
    const { cql, meant, params } = statement;
    const analysed = this.#reader.analyse(cql);
    if (analysed.kind !== "write") throw new Error(`taken for no write: ${JSON.stringify(analysed)}`);
    const before = await this.#rowsOf(meant);
    const derived = await this.#reader
      .mutations(cql, analysed, params)
      .catch((error: unknown) => this.#byServer(cql, error));
    if (derived === undefined) return;
    if (derived.kind === "refused") throw new Error(`refused at ${derived.at}: ${derived.reason}`);
    this.counts.executed++;
    if (!(await this.#execute(cql, params))) return;
    const after = await this.#rowsOf(meant);
    const touches = touchesOf(this.#catalog, derived.mutations);
    for (const [table, rows] of before) this.#checkCovered(table, rows, after.get(table) ?? new Map(), touches);
    this.#checkNamed(meant, touches);
    if (isPlain(meant)) expect(namesOf(touches)).toEqual(namesOf(touchesOf(this.#catalog, meant.flatMap(plainly))));
  }

  async #execute(cql: string, params: unknown): Promise<boolean> {
    try {
      await Reflect.apply(this.#client.execute, this.#client, [cql, params, { prepare: true }]);
      return true;
    } catch (error) {
      this.#byServer(cql, error);
      return false;
    }
  }

  #byServer(cql: string, error: unknown): undefined {
    if (!(error instanceof errors.ResponseError)) throw error;
    if (process.env.SHOW) console.log(cql, error.message);
    this.counts.refusedByServer++;
  }

  async #rowsOf(meant: readonly Meant[]): Promise<ReadonlyMap<Table, Rows>> {
    const tables = [...new Set(meant.map(({ table }) => table))];
    return new Map(await Promise.all(tables.map(async (table) => [table, await this.#rowsIn(table)] as const)));
  }

  async #rowsIn(table: Table): Promise<Rows> {
    const { rows } = await this.#client.execute(`SELECT * FROM ${table.name}`, [], { prepare: true, fetchSize: 0 });
    const clustering = table.clustering.map(({ column }) => column);
    return new Map(
      rows
        .filter((raw) => clustering.every((column) => raw[column] !== null))
        .map((raw) => {
          const row = Object.fromEntries(
            primaryKeyOf(table).map((c) => [c, fromDriver(table.columns[c] ?? fail(), raw[c])]),
          );
          const { text } = this.#names(table, row);
          return [text, { row, content: JSON.stringify(raw) }] as const;
        }),
    );
  }

  #checkCovered(table: Table, before: Rows, after: Rows, touches: Touches): void {
    let changed = 0;
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(name)?.content === after.get(name)?.content) continue;
      changed++;
      const { row } = before.get(name) ?? after.get(name) ?? fail();
      if (touches.tables.includes(table.name) || touches.partitions.includes(partitionName(table, row))) continue;
      const { all } = this.#names(table, row);
      for (const key of all) expect(touches.keys).toContain(key);
    }
    if (changed > 0) this.counts.changing++;
  }

  /** Nothing is touched but what was named. */
  #checkNamed(meant: readonly Meant[], { keys, partitions, tables }: Touches): void {
    const named = meant.flatMap((each) => each.keys.map((values) => [each.table, values] as const));
    const names = named.flatMap(([table, values]) => this.#names(table, values).all);
    for (const key of keys) expect(names).toContain(key);
    const parts = named.map(([table, values]) => partitionName(table, values));
    for (const partition of partitions) expect(parts).toContain(partition);
    const whole = meant.filter(({ by }) => by === "table").map(({ table }) => table.name);
    for (const table of tables) expect(whole).toContain(table);
  }

  /** The names of what is read of a row, or of a partition where that is all there is. */
  #names(table: Table, row: Values): { readonly text: string; readonly all: readonly string[] } {
    const isRow = primaryKeyOf(table).every((column) => Object.hasOwn(row, column));
    const insert: Mutation = { op: "insert", table, key: row, set: {} };
    const { keys } = touchesOf(this.#catalog, [insert]);
    return { text: JSON.stringify([isRow, keys]), all: keys };
  }
}

/** By keys alone: nothing that reaches other rows. */
function isPlain(meant: readonly Meant[]): boolean {
  return meant.every(
    ({ by, isConditional, set, table }) => by === "row" && !isConditional && !set.some((c) => table.static.includes(c)),
  );
}

const plainly = ({ keys, table }: Meant): readonly Mutation[] =>
  keys.map((values) => ({ op: "insert", table, key: values, set: {} }));

const namesOf = ({ keys, partitions, tables }: Touches) => ({ keys: [...keys].sort(), partitions, tables });

interface Untyped {
  row(of: Table, bind: Values): AnyKey;
  rows(of: Table, bind: Values): AnyKey;
  count(of: Table, bind: Values): AnyKey;
}

/** A key to each row, one to the list of each partition, and one to its count. */
function keysOf(of: Table): readonly (readonly [string, AnyKey])[] {
  const start = (word: string, columns: readonly string[]): Untyped =>
    Reflect.apply(key, undefined, [[of.name, word, ...columns.map((column) => `{${column}}`)].join("_")]);
  const bind = (columns: readonly string[]): Values => Object.fromEntries(columns.map((column) => [column, column]));
  const [row, partition] = [primaryKeyOf(of), of.partition];
  return [
    [`${of.name}Row`, start("row", row).row(of, bind(row))],
    [`${of.name}List`, start("list", partition).rows(of, bind(partition))],
    [`${of.name}Count`, start("count", partition).count(of, bind(partition))],
  ];
}

function createTable(of: Table): string {
  const columns = Object.entries(of.columns).map(
    ([name, { cql }]) => `${name} ${cql}${of.static.includes(name) ? " STATIC" : ""}`,
  );
  const clustering = of.clustering.map(({ column }) => column);
  const order = of.clustering.map(({ column, order }) => `${column} ${order}`);
  const keyText = [`(${of.partition.join(", ")})`, ...clustering].join(", ");
  const options = order.length > 0 ? ` WITH CLUSTERING ORDER BY (${order.join(", ")})` : "";
  return `CREATE TABLE ${of.name} (${columns.join(", ")}, PRIMARY KEY (${keyText}))${options}`;
}

function fail(): never {
  throw new Error("not in this test");
}
