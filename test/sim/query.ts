import type { Mutation } from "../../src/index.ts";
import type { StoreRead } from "../../src/ports/store.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import { type LiveRow, liveRows, type Piece } from "./replicas.ts";

/** The partition that a read is of: `table/partition`. */
export const readPartition = ({ table, where }: ReadPlan): string => `${table.name}/${where[table.partition[0] ?? ""]}`;

/** What a read finds in these pieces. */
export function answerOf(plan: ReadPlan, pieces: readonly Piece[], nowMs: number): StoreRead {
  const [column] = plan.table.clustering.map((of) => of.column);
  const fixed = column === undefined ? undefined : plan.where[column];
  const after = column === undefined ? undefined : plan.after?.[column];
  const rows = liveRows(pieces, nowMs)
    .filter(({ clustering }) => fixed === undefined || clustering === fixed)
    .filter(({ clustering }) => after === undefined || clustering > Number(after))
    .slice(0, plan.limit);
  const expiries = rows.map(({ piece }) => piece.expiresAtMs).filter(Number.isFinite);
  return {
    rows: plan.kind === "count" ? [] : rows.map(({ row }) => row),
    count: rows.length,
    expiresInMs: expiries.length === 0 ? undefined : Math.min(...expiries) - nowMs,
    expiryKnown: plan.table.ttl === "never" || plan.kind !== "count",
  };
}

/** True if the condition of this mutation, if it has one, holds. */
export function holds(mutation: Mutation, rows: readonly LiveRow[]): boolean {
  if (!("condition" in mutation) || mutation.condition === undefined) return true;
  const { condition, key } = mutation;
  const row = rows.find((live) => Object.entries(key).every(([column, value]) => live.row[column] === value))?.row;
  if (condition.kind !== "equals") return (row !== undefined) === (condition.kind === "exists");
  return row !== undefined && Object.entries(condition.values).every(([column, value]) => row[column] === value);
}
