import { show } from "./error.ts";
import type { Mutation, Range } from "./mutation.ts";
import { MutationError } from "./mutation-error.ts";
import { partitionName } from "./partition.ts";
import type { Table } from "./table.ts";

type Write = Extract<Mutation, { op: "insert" | "update" }>;
type Deletion = Extract<Mutation, { op: "delete" | "deletePartition" | "deleteRange" }>;

/**
 * Refuses a batch whose outcome would hang on the order of its mutations: it has none. All of them carry one timestamp, so
 * a deletion beats a write of the same row, and of two writes of one cell the larger value stays.
 */
export function checkNoOrder(mutations: readonly Mutation[]): void {
  const cells = new Map<string, unknown>();
  const writes = mutations.filter((m): m is Write => m.op === "insert" || m.op === "update");
  for (const write of writes) claimCells(cells, write);
  const deletions = mutations.filter((m): m is Deletion => m.op.startsWith("delete"));
  for (const deletion of deletions) {
    if (!writes.some((write) => covers(deletion, write))) continue;
    throw new MutationError(
      `a batch that deletes and writes one row of ${deletion.table.name}`,
      "One timestamp covers a batch and the deletion would win; write two batches",
    );
  }
}

function claimCells(cells: Map<string, unknown>, { table, key, set }: Write): void {
  for (const [column, value] of Object.entries(set)) {
    const row = table.static.includes(column) ? [] : table.clustering.map((c) => key[c.column]);
    const cell = JSON.stringify([partitionName(table, key), row, column]);
    const other = cells.get(cell);
    if (other !== undefined && !isSame(table, column, other, value)) {
      throw new MutationError(
        `a batch that writes ${table.name}.${column} twice, ${show(other)} and ${show(value)}`,
        "One timestamp covers a batch, so their order is lost; write the last one only",
      );
    }
    cells.set(cell, value);
  }
}

function isSame(table: Table, column: string, a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b;
  return table.columns[column]?.compare(a, b) === 0;
}

/** True where the deletion names the row written: each column that it fixes is the row's own, and the next one is in its range. */
function covers(deletion: Deletion, write: Write): boolean {
  const { table } = deletion;
  if (table.name !== write.table.name) return false;
  const fixed = Object.entries(deletion.key).every(([column, value]) => isAt(write, column, value));
  return fixed && (deletion.op !== "deleteRange" || isWithin(table, deletion.range, write.key[deletion.range.column]));
}

function isAt({ table, key }: Write, column: string, value: unknown): boolean {
  return Object.hasOwn(key, column) && isSame(table, column, key[column], value);
}

function isWithin(table: Table, range: Range, value: unknown): boolean {
  if (value === undefined) return false; // a write of static columns: a range spares them
  const type = table.columns[range.column];
  const holds = (bound: unknown, test: (order: number) => boolean): boolean =>
    bound === undefined || (type !== undefined && test(type.compare(value, bound)));
  return (
    holds(range.gt, (order) => order > 0) &&
    holds(range.gte, (order) => order >= 0) &&
    holds(range.lt, (order) => order < 0) &&
    holds(range.lte, (order) => order <= 0)
  );
}
