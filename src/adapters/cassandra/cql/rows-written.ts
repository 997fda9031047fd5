import type { Mutation, Values } from "../../../spec/mutation.ts";
import { primaryKeyOf, type Table } from "../../../spec/table.ts";
import type { KeyValues } from "./key-values.ts";

/** A statement that names more rows than these touches their partitions instead, and where these are too many the table. */
export const MAX_ROWS = 100;

/** One mutation to each row that the key picks, or to each partition where it does not name all the clustering columns. */
export function eachRow(table: Table, key: KeyValues, mutate: (key: Values) => Mutation): readonly Mutation[] {
  const columns = primaryKeyOf(table);
  return eachKey(table, key, columns.every((column) => key.has(column)) ? columns : table.partition, mutate);
}

/** One deletion to each row, range of rows or partition that the key picks. */
export function eachDeleted(
  table: Table,
  key: KeyValues,
  isSlice: boolean,
  deleteRow: (key: Values) => Mutation,
): readonly Mutation[] {
  const clustering = table.clustering.map(({ column }) => column);
  const firstOpen = clustering.findIndex((column) => !key.has(column));
  const open = clustering[firstOpen];
  if (open === undefined) return eachRow(table, key, deleteRow);
  const fixed = clustering.slice(0, firstOpen);
  if (fixed.length === 0 && !isSlice) return eachKey(table, key, table.partition, partitionDeletion(table));
  return eachKey(table, key, [...table.partition, ...fixed], (prefix) =>
    Object.freeze({ op: "deleteRange", table, key: prefix, range: { column: open } }),
  );
}

function eachKey(
  table: Table,
  key: KeyValues,
  columns: readonly string[],
  mutate: (key: Values) => Mutation,
): readonly Mutation[] {
  if (countOf(key, columns) <= MAX_ROWS) return product(key, columns).map(mutate);
  if (countOf(key, table.partition) <= MAX_ROWS) return product(key, table.partition).map(partitionDeletion(table));
  return [{ op: "truncate", table }];
}

const partitionDeletion =
  (table: Table) =>
  (key: Values): Mutation =>
    Object.freeze({ op: "deletePartition", table, key });

const countOf = (key: KeyValues, columns: readonly string[]): number =>
  columns.reduce((count, column) => count * (key.get(column)?.length ?? 0), 1);

/** Every combination of the values of these columns. */
function product(key: KeyValues, columns: readonly string[]): readonly Values[] {
  const none: readonly Values[] = [{}];
  return columns.reduce(
    (rows, column) => rows.flatMap((row) => (key.get(column) ?? []).map((value) => ({ ...row, [column]: value }))),
    none,
  );
}
