import type { ColumnType } from "../../spec/column-type.ts";
import type { Condition, Mutation, Values } from "../../spec/mutation.ts";
import { columnOf, type Table } from "../../spec/table.ts";
import { hasManyCells } from "./memory-cell-group.ts";
import type { MemoryRow } from "./memory-row.ts";
import { clusteringIn, type MemoryTable } from "./memory-table.ts";

/** True if the condition of this mutation, if it has one, holds now. */
export function conditionHolds(memory: MemoryTable, mutation: Mutation, nowSec: number): boolean {
  if (!("condition" in mutation) || mutation.condition === undefined) return true;
  const { condition, key, table } = mutation;
  const partition = memory.partition(key);
  const row = namesRow(table, key) ? partition?.row(clusteringIn(table, key)) : partition?.statics;
  if (condition.kind !== "equals") return (row?.exists(nowSec) ?? false) === (condition.kind === "exists");
  return Object.entries(condition.values).every(([column, expected]) => {
    const place = table.static.includes(column) ? partition?.statics : row;
    return isEqual(columnOf(table, column), valueIn(place, column, nowSec), expected);
  });
}

/** Why Cassandra would refuse this batch for its conditions, in words; undefined if it would not. */
export function conditionClash(mutations: readonly Mutation[]): string | undefined {
  const kinds = new Map<string, Condition["kind"]>();
  for (const mutation of mutations) {
    if (!("condition" in mutation) || mutation.condition === undefined) continue;
    const { condition, key, table } = mutation;
    const place = JSON.stringify(clusteringIn(table, key));
    if ((kinds.get(place) ?? condition.kind) !== condition.kind) {
      return `two kinds of condition on one row of ${table.name}`;
    }
    kinds.set(place, condition.kind);
  }
  return undefined;
}

/** False for a partition, of which only the static columns can be meant. */
const namesRow = (table: Table, key: Values): boolean => clusteringIn(table, key).length === table.clustering.length;

const valueIn = (row: MemoryRow | undefined, column: string, nowSec: number): unknown =>
  row === undefined ? null : row.value(column, nowSec);

function isEqual(type: ColumnType | undefined, value: unknown, expected: unknown): boolean {
  if (type === undefined) return false;
  // Cassandra keeps no empty collection of many cells.
  const wanted = expected !== null && hasManyCells(type) && isEmpty(expected) ? null : expected;
  if (value === null || wanted === null) return value === wanted;
  return type.compare(value, wanted) === 0;
}

const isEmpty = (value: unknown): boolean => Object.values(Object(value)).every((each) => each === null);
