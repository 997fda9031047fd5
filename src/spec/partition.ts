import { ValueError } from "./error.ts";
import type { Source } from "./key.ts";
import type { Table } from "./table.ts";

/**
 * The name of a partition in messages and dependencies: `friendships/42`. A key holds no `/`, so the two never meet.
 *
 * A row, list or count depends on its partition, so that static columns, range deletes and partition deletes touch it
 * without naming every key.
 */
export function partitionName(table: Table, values: Readonly<Record<string, unknown>>): string {
  return `${table.name}/${table.partition.map((column) => textIn(table, column, values[column])).join("_")}`;
}

/** True where the partition can be told from the key's parameters, so that touching the partition reaches the key. */
export function bindsPartition(source: Source): boolean {
  return source.table.partition.every((column) => Object.hasOwn(source.bind, column));
}

function textIn(table: Table, column: string, value: unknown): string {
  const text = table.columns[column]?.keyText;
  if (text === undefined || value === undefined || value === null) {
    throw new ValueError(`key column ${table.name}.${column}`, value, "a value: nothing in a key may be null");
  }
  return text.write(value);
}
