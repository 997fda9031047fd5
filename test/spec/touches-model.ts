import type { AnyKey, Mutation, Source, Table, Values } from "../../src/index.ts";
import { DOMAIN } from "./touches-arbitraries.ts";

/** One table as a list of rows and of the static values of its partitions: what it holds, not how. */
export interface Contents {
  readonly rows: readonly Values[];
  readonly statics: readonly Values[];
}

export const EMPTY: Contents = { rows: [], statics: [] };

/** A table with every row that there can be. */
export function fullOf(table: Table): Contents {
  const clustering = table.clustering.map((c) => c.column);
  const everything = Object.fromEntries(table.static.map((column) => [column, "full"]));
  const partitions = productOf(table, table.partition);
  return {
    rows: productOf(table, [...table.partition, ...clustering]).map((row) => ({ ...row, v: "full" })),
    statics: table.static.length > 0 ? partitions.map((key) => ({ ...key, ...everything })) : [],
  };
}

function productOf(table: Table, columns: readonly string[]): readonly Values[] {
  return product(Object.fromEntries(columns.map((column) => [column, table.columns[column]?.cql ?? ""])));
}

/** Every record with a value of the domain in each column. */
export function product(types: Readonly<Record<string, string>>): readonly Values[] {
  return Object.entries(types).reduce<readonly Values[]>(
    (records, [column, type]) =>
      records.flatMap((record) => (DOMAIN[type] ?? []).map((value) => ({ ...record, [column]: value }))),
    [{}],
  );
}

/** What the table holds after the write, conditions taken as met. */
export function after(of: Contents, mutation: Mutation): Contents {
  const { table } = mutation;
  switch (mutation.op) {
    case "truncate":
      return EMPTY;
    case "deletePartition":
      return { rows: without(of.rows, mutation.key), statics: without(of.statics, mutation.key) };
    case "delete":
      return { rows: without(of.rows, mutation.key), statics: of.statics };
    case "deleteRange": {
      const { column, ...bounds } = mutation.range;
      const gone = (row: Values): boolean => matches(row, mutation.key) && isWithin(row[column], bounds);
      return { rows: of.rows.filter((row) => !gone(row)), statics: of.statics };
    }
    case "increment":
      return written(
        of,
        table,
        mutation.key,
        mapValues(mutation.by, (by, column) => `${valueAt(of, mutation, column)}+${by}`),
      );
    default:
      return written(of, table, mutation.key, mutation.set);
  }
}

function valueAt(of: Contents, { table, key }: Extract<Mutation, { op: "increment" }>, column: string): unknown {
  const partition = pickFrom(key, table.partition);
  const found = table.static.includes(column)
    ? of.statics.find((s) => matches(s, partition))
    : of.rows.find((r) => matches(r, key));
  return found?.[column] ?? "0";
}

function written(of: Contents, table: Table, key: Values, set: Values): Contents {
  const partition = pickFrom(key, table.partition);
  const statics = Object.fromEntries(Object.entries(set).filter(([column]) => table.static.includes(column)));
  const regular = Object.fromEntries(Object.entries(set).filter(([column]) => !table.static.includes(column)));
  const isRow = Object.keys(key).length === table.partition.length + table.clustering.length;
  return {
    rows: isRow ? upsert(of.rows, key, regular) : of.rows,
    statics: Object.keys(statics).length > 0 ? upsert(of.statics, partition, statics) : of.statics,
  };
}

function upsert(rows: readonly Values[], key: Values, set: Values): readonly Values[] {
  const old = rows.find((row) => matches(row, key));
  return [...rows.filter((row) => row !== old), { ...old, ...key, ...set }];
}

/** What a read of this key would answer: its rows, or for a view every row that its sources name. */
export function answerOf(key: AnyKey, params: Values, of: Contents): string {
  const { reading } = key;
  if (reading.kind === "view") return JSON.stringify(key.sources.map((source) => rowsOf(source, params, of)));
  const rows = rowsOf(reading.source, params, of);
  if (reading.kind === "count") return String(rows.length);
  return JSON.stringify(reading.kind === "rows" && reading.first !== undefined ? rows.slice(0, reading.first) : rows);
}

function rowsOf({ table, bind }: Source, params: Values, of: Contents): readonly string[] {
  const wanted = Object.fromEntries(Object.entries(bind).map(([column, param]) => [column, params[param]]));
  const shown = Object.keys(table.columns);
  return of.rows
    .filter((row) => matches(row, wanted))
    .map((row) => ({ ...of.statics.find((s) => matches(s, pickFrom(row, table.partition))), ...row }))
    .map((row: Values) => JSON.stringify(shown.map((column) => row[column] ?? null)))
    .sort();
}

const matches = (row: Values, wanted: Values): boolean =>
  Object.entries(wanted).every(([column, v]) => row[column] === v);
const without = (rows: readonly Values[], key: Values): readonly Values[] => rows.filter((row) => !matches(row, key));
const pickFrom = (row: Values, columns: readonly string[]): Values =>
  Object.fromEntries(columns.map((c) => [c, row[c]]));
const mapValues = (of: Values, change: (value: unknown, name: string) => unknown): Values =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value, name)]));

function isWithin(value: unknown, bounds: Values): boolean {
  const at = String(value);
  const holds = {
    gt: (b: string) => at > b,
    gte: (b: string) => at >= b,
    lt: (b: string) => at < b,
    lte: (b: string) => at <= b,
  };
  return Object.entries(holds).every(([side, test]) => bounds[side] === undefined || test(String(bounds[side])));
}
