import type { Table } from "../../spec/table.ts";

/** A name as CQL reads it unchanged, also where it is a reserved word. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const tableName = (keyspace: string, table: Table): string => `${quoted(keyspace)}.${quoted(table.name)}`;

/** `"a" = ? AND "b" = ?` */
export const equalities = (columns: readonly string[]): string =>
  columns.map((column) => `${quoted(column)} = ?`).join(" AND ");
