import fc from "fast-check";
import type { Values } from "../../src/spec/mutation.ts";
import { primaryKeyOf, type Table } from "../../src/spec/table.ts";
import { elementForm } from "../../src/spec/types/nesting.ts";
import { jsonValuesOf } from "./literal-text.ts";
import {
  assignments,
  counterAssignments,
  printCondition,
  printUsing,
  printValue,
  shuffled,
  timestampNow,
} from "./statement-parts.ts";
import { type Pick, type PrintedMarker, StatementText } from "./statement-text.ts";

/** Every value that a key column takes. */
export type Pools = Readonly<Record<string, readonly unknown[]>>;

/** What a statement was made to do, known before it is printed. */
export interface Meant {
  readonly table: Table;
  /** The rows it writes, or the partitions where it writes whole partitions, ranges of them or static columns. */
  readonly keys: readonly Values[];
  readonly by: "row" | "partition" | "table";
  readonly set: readonly string[];
  readonly isConditional: boolean;
}

export interface PrintedStatement {
  readonly cql: string;
  readonly params: unknown;
  readonly markers: readonly PrintedMarker[];
  readonly meant: readonly Meant[];
  readonly isBatch: boolean;
}

interface Making {
  readonly pick: Pick;
  readonly text: StatementText;
  readonly table: Table;
  readonly pools: Pools;
}

/** Any statement that writes one of these tables, or several in a batch. */
export function anyStatement(
  tables: readonly { readonly table: Table; readonly pools: Pools }[],
): fc.Arbitrary<PrintedStatement> {
  return fc.gen().map((g) => {
    const pick: Pick = (from) => g(fc.constantFrom, ...from);
    const text = new StatementText(pick);
    const isBatch = pick([...Array<boolean>(7).fill(false), true]);
    const one = pick(tables);
    const meant = isBatch ? makeBatch(pick, text, tables) : [makeOne({ pick, text, ...one })];
    return printed(text, meant, isBatch);
  });
}

function printed(text: StatementText, meant: readonly Meant[], isBatch: boolean): PrintedStatement {
  const { cql, markers, params } = text;
  const shown = { [fc.toStringMethod]: () => `${JSON.stringify(cql)} with ${fc.stringify(params)}` };
  return { cql, params, markers, meant, isBatch, ...shown };
}

function makeBatch(
  pick: Pick,
  text: StatementText,
  tables: readonly { readonly table: Table; readonly pools: Pools }[],
): readonly Meant[] {
  const counter = pick([false, false, true]);
  const fitting = tables.filter(({ table }) => table.counter === counter);
  if (fitting.length === 0) return [makeOne({ pick, text, ...pick(tables) })];
  text.words(counter ? "BEGIN COUNTER BATCH" : pick(["BEGIN BATCH", "BEGIN UNLOGGED BATCH"]));
  const meant = Array.from({ length: pick([1, 2, 3]) }, () => {
    const of = { pick, text, ...pick(fitting) };
    const one = counter ? makeUpdate(of, false) : pick([makeInsert, makeUpdate, makeDelete])(of, false);
    text.raw(pick(["", ";"]));
    return one;
  });
  text.words("APPLY BATCH");
  return meant;
}

function makeOne(of: Making): Meant {
  const isConditional = !of.table.counter && of.pick([false, false, false, true]);
  const kinds = of.table.counter
    ? [makeUpdate, makeUpdate, makeDelete]
    : [makeInsert, makeInsert, makeJson, makeUpdate, makeUpdate, makeDelete, makeDelete];
  if (of.pick(Array.from({ length: 60 }, (_, i) => i)) === 59) return makeTruncate(of);
  const meant = of.pick(kinds)(of, isConditional);
  of.text.raw(of.pick(["", "", ";"]));
  return meant;
}

function makeTruncate({ pick, table, text }: Making): Meant {
  text.words(pick(["TRUNCATE", "TRUNCATE TABLE"])).name(table.name);
  return { table, keys: [], by: "table", set: [], isConditional: false };
}

function makeInsert({ pick, pools, table, text }: Making, isConditional: boolean): Meant {
  const isStatic = table.static.length > 0 && pick([false, false, true]);
  const keyColumns = isStatic ? table.partition : primaryKeyOf(table);
  const key = pickKey(pick, pools, keyColumns);
  const set = isStatic ? table.static : ["v", "n", ...table.static].filter(() => pick([true, false]));
  text.words("INSERT INTO").name(table.name).raw("(");
  const columns = shuffled(pick, [...keyColumns, ...set]);
  text
    .list(columns, (column) => text.name(column))
    .raw(")")
    .words("VALUES")
    .raw("(");
  text.list(columns, (column) => {
    const type = table.columns[column];
    if (type !== undefined && keyColumns.includes(column)) text.key(column, type, key[column]);
    else printValue(text, pick, column, column === "n");
  });
  text.raw(")");
  if (isConditional) text.words("IF NOT EXISTS");
  printUsing(text, pick, isConditional);
  return { table, keys: [key], by: isStatic ? "partition" : "row", set, isConditional };
}

function makeJson({ pick, pools, table, text }: Making, isConditional: boolean): Meant {
  const keyColumns = primaryKeyOf(table);
  const key = pickKey(pick, pools, keyColumns);
  const texts = keyColumns.map((column) => {
    const type = table.columns[column];
    return type === undefined ? [] : jsonValuesOf(type, key[column]);
  });
  if (texts.some((forms) => forms.length === 0)) return makeInsert({ pick, pools, table, text }, isConditional);
  const members = keyColumns.map((column, i) => `${jsonName(pick, column)}: ${pick(texts[i] ?? [])}`);
  if (pick([true, false])) members.push(`"v": "it's"`);
  const json = `{${shuffled(pick, members).join(pick([",", ", ", " ,\n"]))}}`;
  text.words("INSERT INTO").name(table.name).words("JSON");
  if (pick([true, false])) text.marker("[json]", json);
  else text.raw(`'${json.replaceAll("'", "''")}'`);
  const unset = pick([true, false]);
  text.words(unset ? "DEFAULT UNSET" : pick(["DEFAULT NULL", ""]));
  if (isConditional) text.words("IF NOT EXISTS");
  const set = unset
    ? json.includes('"v"')
      ? ["v"]
      : []
    : Object.keys(table.columns).filter((c) => !keyColumns.includes(c));
  return { table, keys: [key], by: "row", set, isConditional };
}

const jsonName = (pick: Pick, column: string): string =>
  JSON.stringify(pick([column, column.toUpperCase(), `"${column}"`]));

function makeUpdate(of: Making, isConditional: boolean): Meant {
  const { pick, table, text } = of;
  const isStatic = table.static.length > 0 && pick([false, false, true]);
  const choices = table.counter ? counterAssignments : assignments;
  const regular = Object.keys(choices).filter((column) => column !== "s" && table.columns[column] !== undefined);
  const some = isStatic ? [...table.static] : shuffled(pick, regular).slice(0, pick([1, 2, 3]));
  const set = !isStatic && table.static.length > 0 && pick([false, false, true]) ? [...some, ...table.static] : some;
  text.words("UPDATE").name(table.name);
  if (!table.counter) printUsing(text, pick, isConditional);
  text.words("SET").list(set, (column) => choices[column]?.(text, pick));
  const columns = isStatic ? table.partition : primaryKeyOf(table);
  const keys = printWhere(of, columns, { in: !isConditional });
  if (isConditional) printCondition(text, pick, isStatic);
  return { table, keys, by: isStatic ? "partition" : "row", set, isConditional };
}

function makeDelete(of: Making, isConditional: boolean): Meant {
  const { pick, table, text } = of;
  const clustering = table.clustering.map(({ column }) => column);
  text.words("DELETE");
  const kind = pick([
    "row",
    "row",
    "columns",
    ...(clustering.length > 0 && !isConditional ? ["partition", "range", "range"] : []),
  ]);
  const set = kind === "columns" ? printDeleted(of) : [];
  text.words("FROM").name(table.name);
  if (!table.counter && !isConditional && pick([false, false, true])) text.words("USING TIMESTAMP").raw(timestampNow());
  const isStatic = kind === "columns" && set[0] === "s";
  if (kind === "partition" || kind === "range" || isStatic) {
    const keys = kind === "range" ? printRange(of) : printWhere(of, table.partition, { in: !isConditional });
    if (isConditional) printCondition(text, pick, true);
    return { table, keys, by: "partition", set, isConditional };
  }
  const keys = printWhere(of, primaryKeyOf(table), { in: !isConditional });
  if (isConditional) printCondition(text, pick, false);
  return { table, keys, by: "row", set, isConditional };
}

function printDeleted({ pick, table, text }: Making): readonly string[] {
  if (table.static.length > 0 && pick([true, false])) {
    text.name("s");
    return ["s"];
  }
  const cells = table.counter
    ? [["v", () => text.name("v")] as const]
    : [
        ["v", () => text.name("v")] as const,
        ["m", () => text.name("m").raw("[").raw("'a'").raw("]")] as const,
        ["l", () => text.name("l")] as const,
      ];
  const chosen = shuffled(pick, cells).slice(0, pick([1, 2]));
  text.list(chosen, ([, print]) => print());
  return chosen.map(([column]) => column);
}

/** `a = ? AND b IN (?, ?)`, in any order; the rows or partitions that it names. */
function printWhere(of: Making, columns: readonly string[], may: { readonly in: boolean }): readonly Values[] {
  const { pick, text } = of;
  text.words("WHERE");
  let keys: readonly Values[] = [{}];
  for (const [i, column] of shuffled(pick, columns).entries()) {
    if (i > 0) text.words("AND");
    const values = printRelation(of, column, may.in);
    keys = keys.flatMap((key) => values.map((value) => ({ ...key, [column]: value })));
  }
  return keys;
}

function printRelation({ pick, pools, table, text }: Making, column: string, mayIn: boolean): readonly unknown[] {
  const [type, pool] = [table.columns[column], pools[column] ?? []];
  if (type === undefined) throw new Error(`no column ${column}`);
  const how = mayIn ? pick(["=", "=", "=", "=", "in", "in ?"]) : "=";
  const inParentheses = pick([false, false, false, true]);
  if (inParentheses) text.raw("(");
  // The driver makes null of an empty list, and the server refuses it.
  const values =
    how === "="
      ? [pick(pool)]
      : Array.from({ length: pick(how === "in" ? [0, 1, 2, 3] : [1, 2, 3]) }, () => pick(pool));
  text.name(column);
  if (how === "=") text.raw("=").key(column, type, values[0]);
  else if (how === "in ?") text.words("IN").inMarker(column, type, values);
  else
    text
      .words("IN")
      .raw("(")
      .list(values, (value) => text.key(column, type, value))
      .raw(")");
  if (inParentheses) text.raw(")");
  // Bound as a list, an address of sixteen bytes may become one of four.
  return how === "in ?" ? values.map((value) => elementForm(type).accept(value)) : values;
}

/** A range of rows of a partition: by a prefix, a bound, or a tuple of columns. */
function printRange(of: Making): readonly Values[] {
  const { pick, pools, table, text } = of;
  const clustering = table.clustering.map(({ column }) => column);
  const keys = printWhere(of, table.partition, { in: false });
  const [first = "", second] = clustering;
  const bound = (column: string, operator: string): void => {
    const type = table.columns[column];
    text.words("AND").name(column).raw(operator);
    if (type !== undefined) text.key(column, type, pick(pools[column] ?? []));
  };
  const make = pick<() => void>([
    () => bound(first, pick(["<", "<=", ">", ">="])),
    () => {
      bound(first, ">=");
      bound(first, "<");
    },
    () => {
      bound(first, second === undefined ? ">" : "=");
      if (second !== undefined && pick([true, false])) bound(second, pick(["<", ">="]));
    },
    () => {
      text
        .words("AND")
        .raw("(")
        .list(clustering, (column) => text.name(column))
        .raw(")")
        .raw(pick(["<", ">=", ">"]))
        .raw("(");
      text.list(clustering, (column) => {
        const type = table.columns[column];
        if (type !== undefined) text.key(column, type, pick(pools[column] ?? []));
      });
      text.raw(")");
    },
  ]);
  make();
  return keys;
}

function pickKey(pick: Pick, pools: Pools, columns: readonly string[]): Values {
  return Object.fromEntries(columns.map((column) => [column, pick(pools[column] ?? [])]));
}
