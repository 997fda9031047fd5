import fc from "fast-check";
import {
  type AnyKey,
  counter,
  increment,
  insert,
  int,
  key,
  type Mutation,
  remove,
  removePartition,
  removeRange,
  type Table,
  table,
  text,
  truncate,
  update,
  type Values,
} from "../../src/index.ts";
import { primaryKeyOf } from "../../src/spec/table.ts";

/** So few values of each type that all of them can be tried. */
export const DOMAIN: Readonly<Record<string, readonly unknown[]>> = { int: [1, 2], text: ["x", "y"] };
const TYPES = { p1: int, p2: text, c1: int, c2: text };

export const valuesOf = (of: Table, column: string): readonly unknown[] => DOMAIN[of.columns[column]?.cql ?? ""] ?? [];

/** Declared as JavaScript would: what the compiler checks is not known here. */
interface Untyped {
  row(of: Table, bind: Values): AnyKey;
  rows(of: Table, bind: Values): AnyKey & { first(n: number): AnyKey };
  count(of: Table, bind: Values): AnyKey;
  staleWhen(of: Table, bind: Values): Untyped;
  view(params: unknown, load: unknown): AnyKey;
}
const untyped = (template: string): Untyped => Reflect.apply(key, undefined, [template]);

/** Any table over these columns: one or two of them partition, none to two clustering, perhaps a static one, perhaps counters. */
export const anyTable = (name: string): fc.Arbitrary<Table> =>
  fc.record({ wide: fc.boolean(), depth: fc.nat(2), withStatic: fc.boolean(), counts: fc.boolean() }).map((of) => {
    const value = of.counts ? counter : text;
    const hasStatic = of.withStatic && of.depth > 0;
    const clustering = ["c1", "c2"].slice(0, of.depth);
    const columns = Object.fromEntries(
      Object.entries(TYPES).filter(([column]) =>
        column === "p2" ? of.wide : column === "p1" || clustering.includes(column),
      ),
    );
    const options = {
      partition: of.wide ? ["p1", "p2"] : ["p1"],
      clustering: Object.fromEntries(clustering.map((column) => [column, "asc"])),
      static: hasStatic ? ["s"] : [],
    };
    return Reflect.apply(table, undefined, [name, { ...columns, v: value, ...(hasStatic && { s: value }) }, options]);
  });

/** Any key over this table, of any kind. Every parameter has the name of its column; `q` is one that no column fills. */
export function anyKeyOver(of: Table, word: string): fc.Arbitrary<AnyKey> {
  const clustering = of.clustering.map((c) => c.column);
  const bindTo = (columns: readonly string[]): Values => Object.fromEntries(columns.map((column) => [column, column]));
  const templateOf = (columns: readonly string[]): string =>
    [word, ...columns.map((column) => `{${column}}`)].join("_");
  const prefix = fc.nat(clustering.length).map((n) => [...of.partition, ...clustering.slice(0, n)]);
  const start = (columns: readonly string[]): Untyped => untyped(templateOf(columns));
  return fc.oneof(
    fc.constant(primaryKeyOf(of)).map((columns) => start(columns).row(of, bindTo(columns))),
    prefix.map((columns) => start(columns).rows(of, bindTo(columns))),
    fc
      .tuple(prefix, fc.integer({ min: 1, max: 2 }))
      .map(([columns, n]) => start(columns).rows(of, bindTo(columns)).first(n)),
    prefix.map((columns) => start(columns).count(of, bindTo(columns))),
    fc.tuple(fc.subarray([...primaryKeyOf(of)]), fc.boolean()).map(([columns, open]) => {
      const names = open ? [...columns, "q"] : columns;
      const types = Object.fromEntries(names.map((name) => [name, name === "q" ? int : of.columns[name]]));
      return start(names)
        .staleWhen(of, bindTo(columns))
        .view(types, async () => null);
    }),
  );
}

/** Any write to this table, conditional ones among them. */
export function anyMutation(of: Table): fc.Arbitrary<Mutation> {
  const row = pick(of, primaryKeyOf(of));
  return fc.oneof(
    ...(of.counter ? [anyIncrement(of, row)] : anyWrite(of, row)),
    row.map((k) => made(remove, of, k)),
    pick(of, of.partition).map((k) => made(removePartition, of, k)),
    ...(of.clustering.length > 0 ? [anyRange(of)] : []),
    fc.constant(truncate(of)),
  );
}

function anyIncrement(of: Table, row: fc.Arbitrary<Values>): fc.Arbitrary<Mutation> {
  const counters = fc.subarray(["v", ...of.static], { minLength: 1 });
  const by = counters.map((columns) => Object.fromEntries(columns.map((column) => [column, 1])));
  return fc.tuple(row, by).map(([k, amounts]) => made(increment, of, k, amounts));
}

function anyWrite(of: Table, row: fc.Arbitrary<Values>): readonly fc.Arbitrary<Mutation>[] {
  const values = someOf(["v", ...of.static]);
  const ifNotExists = fc.constantFrom({}, { ifNotExists: true });
  const ifExists = fc.constantFrom({}, { ifExists: true });
  const inserts = fc
    .tuple(row, values, ifNotExists)
    .map(([k, v, options]) => made(insert, of, { ...k, ...v }, options));
  const updates = fc.tuple(row, notEmpty(values), ifExists).map(([k, v, options]) =>
    // Of static columns alone Cassandra cannot ask whether the row exists.
    made(update, of, k, v, "v" in v ? options : {}),
  );
  const statics = fc.tuple(pick(of, of.partition), notEmpty(someOf(of.static))).map(([k, v]) => made(update, of, k, v));
  return of.static.length > 0 ? [inserts, updates, statics] : [inserts, updates];
}

function anyRange(of: Table): fc.Arbitrary<Mutation> {
  const clustering = of.clustering.map((c) => c.column);
  return fc.nat(clustering.length - 1).chain((n) => {
    const [low, high] = valuesOf(of, clustering[n] ?? "");
    // Each leaves some value in range, so that there is something to delete.
    const bounds = [{ gt: low }, { gte: low }, { gte: high }, { lt: high }, { lte: low }, { gte: low, lt: high }];
    const prefix = pick(of, [...of.partition, ...clustering.slice(0, n)]);
    return fc.tuple(prefix, fc.constantFrom(...bounds)).map(([k, range]) => made(removeRange, of, k, range));
  });
}

function pick(of: Table, columns: readonly string[]): fc.Arbitrary<Values> {
  return fc.record(Object.fromEntries(columns.map((column) => [column, fc.constantFrom(...valuesOf(of, column))])));
}

function someOf(columns: readonly string[]): fc.Arbitrary<Values> {
  const values = columns.map((column) => [column, fc.constantFrom("x", "y", null)]);
  return fc.record(Object.fromEntries(values), { requiredKeys: [] });
}

const notEmpty = (values: fc.Arbitrary<Values>): fc.Arbitrary<Values> =>
  values.filter((v) => Object.keys(v).length > 0);

/** Made as JavaScript would: the table is not known to the compiler. */
const made = (make: (...given: never[]) => Mutation, ...given: readonly unknown[]): Mutation =>
  Reflect.apply(make, undefined, given);
