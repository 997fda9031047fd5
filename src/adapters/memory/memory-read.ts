import type { StoreRead } from "../../ports/store.ts";
import type { ReadPlan } from "../../spec/read-plan.ts";
import { regularColumnsOf, type Table } from "../../spec/table.ts";
import { hasManyCells } from "./memory-cell-group.ts";
import { type Span, spanOf } from "./memory-order.ts";
import type { MemoryPartition } from "./memory-partition.ts";
import type { MemoryRow } from "./memory-row.ts";
import { clusteringIn } from "./memory-table.ts";

const NOTHING: StoreRead = Object.freeze({
  rows: Object.freeze([]),
  count: 0,
  expiresInMs: undefined,
  expiryKnown: true,
});

/** Reads what the plan asks for from the partition that holds it, as of `nowMs`. */
export function readPartition(partition: MemoryPartition | undefined, plan: ReadPlan, nowMs: number): StoreRead {
  const nowSec = Math.floor(nowMs / 1000);
  const mayExpire = plan.table.ttl === "may" && !plan.table.counter;
  if (plan.kind === "count") {
    const count = partition === undefined ? 0 : countOf(partition, plan, nowSec);
    return { ...NOTHING, count, expiryKnown: !mayExpire };
  }
  if (partition === undefined) return NOTHING;
  const found = take(partition, plan, nowSec);
  const rows = Object.freeze(found.map(rowMaker(plan, partition, nowSec)));
  return { rows, count: rows.length, ...(mayExpire ? expiryOf(plan.table, partition, found, nowMs) : NEVER) };
}

const NEVER = { expiresInMs: undefined, expiryKnown: true } as const;

function countOf(partition: MemoryPartition, plan: ReadPlan, nowSec: number): number {
  let count = 0;
  for (const row of partition.rows(spanIn(plan))) if (row.exists(nowSec)) count++;
  return count;
}

function take(partition: MemoryPartition, plan: ReadPlan, nowSec: number): readonly MemoryRow[] {
  const limit = plan.kind === "row" ? 1 : (plan.limit ?? Number.POSITIVE_INFINITY);
  const rows: MemoryRow[] = [];
  for (const row of partition.rows(spanIn(plan))) {
    if (rows.length >= limit) break;
    if (row.exists(nowSec)) rows.push(row);
  }
  return rows;
}

function spanIn({ table, where, after }: ReadPlan): Span {
  const prefix = clusteringIn(table, where);
  const whole = spanOf(prefix);
  if (after === undefined) return whole;
  return { from: { values: clusteringIn(table, { ...where, ...after }), side: "after" }, to: whole.to };
}

type Row = Readonly<Record<string, unknown>>;

/** Makes canonical rows: every column of the table, in the order of its declaration. */
function rowMaker({ table, where }: ReadPlan, { statics }: MemoryPartition, nowSec: number): (row: MemoryRow) => Row {
  const clustering = table.clustering.map((c) => c.column);
  const columns = Object.keys(table.columns).map((column): readonly [string, (row: MemoryRow) => unknown] => {
    const at = clustering.indexOf(column);
    if (at >= 0) return [column, (row) => row.clustering[at]];
    if (table.partition.includes(column)) return [column, () => where[column]];
    if (table.static.includes(column)) return [column, () => statics.value(column, nowSec)];
    return [column, (row) => row.value(column, nowSec)];
  });
  return (row) => {
    const values: Record<string, unknown> = {};
    for (const [column, valueIn] of columns) values[column] = valueIn(row);
    return Object.freeze(values);
  };
}

type Expiry = Pick<StoreRead, "expiresInMs" | "expiryKnown">;

/**
 * As Cassandra can tell it, so that a program tested here caches no more there: the TTL of a column of many cells cannot
 * be read, nor that of a row's marker, on which a row without values hangs.
 */
function expiryOf(table: Table, { statics }: MemoryPartition, rows: readonly MemoryRow[], nowMs: number): Expiry {
  const nowSec = Math.floor(nowMs / 1000);
  const [many, single] = split(regularColumnsOf(table), (column) => isMany(table, column));
  const [manyStatic, singleStatic] = split(table.static, (column) => isMany(table, column));
  const ends: number[] = [];
  const noteEnds = (row: MemoryRow, columns: readonly string[]): void => {
    for (const column of columns) ends.push(row.endsSec(column, nowSec) ?? Number.POSITIVE_INFINITY);
  };
  const isLiveIn = (row: MemoryRow) => (column: string) => row.isLive(column, nowSec);
  let expiryKnown = rows.length === 0 || !manyStatic.some(isLiveIn(statics));
  if (rows.length > 0) noteEnds(statics, singleStatic);
  for (const row of rows) {
    noteEnds(row, single);
    if (many.some(isLiveIn(row)) || !single.some(isLiveIn(row))) expiryKnown = false;
  }
  const first = ends.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return { expiresInMs: Number.isFinite(first) ? first * 1000 - nowMs : undefined, expiryKnown };
}

function isMany(table: Table, column: string): boolean {
  const type = table.columns[column];
  return type !== undefined && hasManyCells(type);
}

function split<T>(of: readonly T[], isFirst: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [of.filter(isFirst), of.filter((each) => !isFirst(each))];
}
