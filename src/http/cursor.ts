import type { Values } from "../spec/mutation.ts";
import { columnOf, type Table } from "../spec/table.ts";

/**
 * Where a page of a list ends, as text: the key texts of the clustering columns that the list leaves open, joined by `_`, which none of
 * them holds. It names a row and not an offset, so rows that come or go before it move nothing.
 *
 * @example
 * writeCursor(messages, ["sent_at", "id"], row) // "2026-11-21T12:00:00.000Z_7"
 */
export function writeCursor(table: Table, columns: readonly string[], row: Values): string {
  return columns.map((column) => columnOf(table, column)?.keyText?.write(row[column]) ?? "").join("_");
}

/** The clustering values of a cursor; undefined if it is none of a list that leaves these columns open. */
export function parseCursor(table: Table, columns: readonly string[], cursor: string): Values | undefined {
  const texts = cursor.split("_");
  if (columns.length === 0 || texts.length !== columns.length) return undefined;
  const after: Record<string, unknown> = {};
  for (const [i, column] of columns.entries()) {
    const value = columnOf(table, column)?.keyText?.parse(texts[i] ?? "");
    if (value === undefined) return undefined;
    after[column] = value;
  }
  return after;
}
