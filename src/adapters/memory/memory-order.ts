import type { Table } from "../../spec/table.ts";

/** A place between rows: before or after all rows whose clustering values begin with these. */
export interface Bound {
  readonly values: readonly unknown[];
  readonly side: "before" | "after";
}

/** From one place to another, in clustering order. Empty if the first lies behind the second. */
export interface Span {
  readonly from: Bound;
  readonly to: Bound;
}

/** Where a row lies against a bound: negative before it, positive behind it. Never zero: a bound lies between rows. */
export type ClusteringOrder = (clustering: readonly unknown[], bound: Bound) => number;

/** All rows whose clustering values begin with these. */
export const spanOf = (values: readonly unknown[]): Span => ({
  from: { values, side: "before" },
  to: { values, side: "after" },
});

/** The clustering order of a table, each column in its own direction. */
export function clusteringOrder(table: Table): ClusteringOrder {
  const columns = table.clustering.map(({ column, order }) => {
    const type = table.columns[column];
    const sign = order === "asc" ? 1 : -1;
    return (a: unknown, b: unknown): number => sign * (type?.compare(a, b) ?? 0);
  });
  return (clustering, { values, side }) => {
    for (const [i, value] of values.entries()) {
      const order = columns[i]?.(clustering[i], value) ?? 0;
      if (order !== 0) return order;
    }
    return side === "before" ? 1 : -1;
  };
}

/** The index of the first row behind the bound, in an array that is in order. */
export function indexBehind(
  rows: readonly { readonly clustering: readonly unknown[] }[],
  bound: Bound,
  order: ClusteringOrder,
): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && order(row.clustering, bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
