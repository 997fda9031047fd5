import fc from "fast-check";
import { describeColumn, type Table, table } from "../../src/spec/table.ts";
import * as t from "../../src/spec/types/index.ts";
import { canonicalOf, keyTypes } from "../spec/type-arbitraries.ts";
import type { Pools } from "./statement-arbitraries.ts";

export interface TableWithPools {
  readonly table: Table;
  readonly pools: Pools;
}

const keyColumn = (mayBeDecimal: boolean): fc.Arbitrary<t.KeyType> =>
  fc.constantFrom(...keyTypes.filter((type) => mayBeDecimal || type.cql !== "decimal"));

/** Any table: one or two partition columns, none to two clustering columns, of any key type; perhaps static columns; perhaps counters. */
export function anyTable(name: string): fc.Arbitrary<TableWithPools> {
  const shape = fc.record({
    p: fc.array(keyColumn(true), { minLength: 1, maxLength: 2 }),
    c: fc.array(keyColumn(false), { maxLength: 2 }),
    order: fc.constantFrom("asc", "desc"),
    withStatic: fc.boolean(),
    counts: fc.constantFrom(false, false, false, true),
  });
  return shape.chain(({ c, counts, order, p, withStatic }) => {
    const partition = Object.fromEntries(p.map((type, i) => [`p${i}`, type]));
    const clustering = Object.fromEntries(c.map((type, i) => [`c${i}`, type]));
    const isStatic = withStatic && c.length > 0 && !counts;
    const columns = { ...partition, ...clustering, ...(counts ? COUNTERS : REGULAR), ...(isStatic && { s: t.text }) };
    const options = {
      partition: Object.keys(partition),
      clustering: Object.fromEntries(Object.keys(clustering).map((column) => [column, order])),
      static: isStatic ? ["s"] : [],
    };
    const made: Table = Reflect.apply(table, undefined, [name, columns, options]);
    return poolsOf({ ...partition, ...clustering }).map((pools) => ({
      table: made,
      pools,
      [fc.toStringMethod]: () => inWords(made),
    }));
  });
}

const inWords = (of: Table): string =>
  Object.keys(of.columns)
    .map((column) => `${column} ${describeColumn(of, column)}`)
    .join("; ");

const COUNTERS = { v: t.counter, w: t.counter };
const REGULAR = { v: t.text, n: t.int, m: t.map(t.text, t.int), l: t.list(t.text), u: t.timeuuid };

/** Three values of each key column; no partition key may be empty. */
function poolsOf(columns: Readonly<Record<string, t.KeyType>>): fc.Arbitrary<Pools> {
  return fc.record(
    Object.fromEntries(
      Object.entries(columns).map(([column, type]) => {
        const value = canonicalOf(type).filter((each) => !column.startsWith("p") || each !== "");
        const same = (a: unknown, b: unknown): boolean => Object.is(a, b) || type.compare(a, b) === 0;
        return [column, fc.uniqueArray(value, { minLength: 2, maxLength: 3, comparator: same })];
      }),
    ),
  );
}
