import type { ColumnType } from "../../spec/column-type.ts";
import { primaryKeyOf, type Table } from "../../spec/table.ts";

/** True where each part of the column is a cell of its own: a collection or user-defined type that is not frozen. */
export const hasManyCells = ({ shape }: ColumnType): boolean => "frozen" in shape && !shape.frozen;

/** True where cells of the table may carry a TTL; a counter cannot. */
export const mayExpire = (table: Table): boolean => table.ttl === "may" && !table.counter;

/** The columns whose TTL Cassandra tells: those outside the key that are one cell each. */
export function ttlReadable(table: Table): readonly string[] {
  if (!mayExpire(table)) return [];
  const key = primaryKeyOf(table);
  return Object.entries(table.columns).flatMap(([column, type]) =>
    key.includes(column) || hasManyCells(type) ? [] : [column],
  );
}
