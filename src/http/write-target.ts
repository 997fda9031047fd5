import type { Values } from "../spec/mutation.ts";
import { primaryKeyOf } from "../spec/table.ts";
import { valueOfText } from "./param-text.ts";
import { badParameters, wrongText } from "./parameter-faults.ts";
import type { Fault } from "./problem.ts";
import type { WritableTable, WritableTables } from "./writable-tables.ts";

/** What a path names: a row, or a partition of a table with clustering columns. */
export interface WriteTarget extends WritableTable {
  readonly kind: "row" | "partition";
  /** By the columns of the primary or partition key, as texts of the path. */
  readonly texts: readonly (string | undefined)[];
}

/** What `/users/42` or `/friendships/42/7` names; undefined where there is no such table, or too few or many values. */
export function findTarget(
  tables: WritableTables,
  [name = "", ...texts]: readonly (string | undefined)[],
): WriteTarget | undefined {
  const found = tables.get(name);
  if (found === undefined) return undefined;
  if (texts.length === primaryKeyOf(found.table).length) return { ...found, kind: "row", texts };
  return texts.length === found.table.partition.length ? { ...found, kind: "partition", texts } : undefined;
}

/** The key that the path names. Throws `HttpProblem`, which names every value that is none of its column. */
export function keyOfTarget({ table, texts }: WriteTarget): Values {
  const key: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [i, text] of texts.entries()) {
    const column = primaryKeyOf(table)[i] ?? "";
    const value = valueOfText(table.columns[column], text);
    if (value === undefined) faults.push(wrongText(column, table.columns[column], text));
    else key[column] = value;
  }
  if (faults.length > 0) throw badParameters(faults);
  return key;
}
