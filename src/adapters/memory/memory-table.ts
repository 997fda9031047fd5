import type { ColumnType } from "../../spec/column-type.ts";
import type { Mutation, Range, Values } from "../../spec/mutation.ts";
import { partitionName } from "../../spec/partition.ts";
import { columnOf, type Order, type Table } from "../../spec/table.ts";
import type { Deletion, Stamp } from "./memory-cell.ts";
import { type Bound, clusteringOrder, type Span, spanOf } from "./memory-order.ts";
import { MemoryPartition } from "./memory-partition.ts";
import type { MemoryRow } from "./memory-row.ts";

type WriteColumn = (row: MemoryRow, column: string, type: ColumnType, value: unknown) => void;

/** One table: its partitions by name, and what each mutation does to them. */
export class MemoryTable {
  readonly table: Table;
  readonly #order;
  readonly #partitions = new Map<string, MemoryPartition>();

  constructor(table: Table) {
    this.table = table;
    this.#order = clusteringOrder(table);
  }

  partition(key: Values): MemoryPartition | undefined {
    return this.#partitions.get(partitionName(this.table, key));
  }

  apply(mutation: Mutation, stamp: Stamp): void {
    switch (mutation.op) {
      case "insert":
        this.#rowToWrite(mutation.key, stamp)?.mark(stamp);
        this.#set(mutation.key, mutation.set, stamp);
        break;
      case "update":
        this.#set(mutation.key, mutation.set, stamp);
        break;
      case "increment":
        this.#add(mutation.key, mutation.by, stamp);
        break;
      case "delete":
        this.#rowToWrite(mutation.key, stamp)?.deleteUpTo(deletionAt(stamp));
        break;
      case "deletePartition":
        this.#partitionToWrite(mutation.key).deleteAll(deletionAt(stamp));
        break;
      case "deleteRange":
        this.#deleteRange(mutation.key, mutation.range, deletionAt(stamp));
        break;
      case "truncate":
        this.#partitions.clear();
        break;
    }
  }

  /** Forgets what was deleted or expired by `cutSec`; returns how much that is dead by `nowSec` is left. */
  sweep(cutSec: number, nowSec: number): number {
    let dead = 0;
    for (const [name, partition] of this.#partitions) {
      dead += partition.sweep(cutSec, nowSec);
      if (partition.isBlank) this.#partitions.delete(name);
    }
    return dead;
  }

  /** Rows held, dead ones included until they are swept. */
  get size(): number {
    let rows = 0;
    for (const partition of this.#partitions.values()) rows += partition.size;
    return rows;
  }

  #set(key: Values, values: Values, stamp: Stamp): void {
    this.#eachColumn(key, values, stamp, (row, column, type, value) => row.set(column, type, value, stamp));
  }

  #add(key: Values, amounts: Values, stamp: Stamp): void {
    this.#eachColumn(key, amounts, stamp, (row, column, _type, amount) => row.add(column, amount, stamp));
  }

  #eachColumn(key: Values, values: Values, { timestamp }: Stamp, write: WriteColumn): void {
    const partition = this.#partitionToWrite(key);
    for (const [column, value] of Object.entries(values)) {
      const type = columnOf(this.table, column);
      const isStatic = this.table.static.includes(column);
      const row = isStatic ? partition.statics : partition.rowToWrite(clusteringIn(this.table, key), timestamp);
      if (type !== undefined && row !== undefined) write(row, column, type, value);
    }
  }

  #deleteRange(key: Values, range: Range, deletion: Deletion): void {
    const fixed = this.table.clustering.slice(
      0,
      this.table.clustering.findIndex((c) => c.column === range.column),
    );
    const order = this.table.clustering[fixed.length]?.order ?? "asc";
    const prefix = fixed.map(({ column }) => key[column]);
    this.#partitionToWrite(key).deleteRange(spanOfRange(prefix, range, order), deletion);
  }

  #partitionToWrite(key: Values): MemoryPartition {
    const name = partitionName(this.table, key);
    const found = this.#partitions.get(name);
    if (found !== undefined) return found;
    const partition = new MemoryPartition(this.#order);
    this.#partitions.set(name, partition);
    return partition;
  }

  #rowToWrite(key: Values, { timestamp }: Stamp): MemoryRow | undefined {
    return this.#partitionToWrite(key).rowToWrite(clusteringIn(this.table, key), timestamp);
  }
}

/** The clustering values in a key, in order: all of a row's, none of a partition's. */
export function clusteringIn(table: Table, key: Values): readonly unknown[] {
  const values: unknown[] = [];
  for (const { column } of table.clustering) {
    if (!Object.hasOwn(key, column) || key[column] === undefined) break;
    values.push(key[column]);
  }
  return values;
}

const deletionAt = ({ timestamp, atSec }: Stamp): Deletion => ({ timestamp, atSec });

/** The rows between two values of a column, whichever way it is ordered. */
function spanOfRange(prefix: readonly unknown[], { gt, gte, lt, lte }: Range, order: Order): Span {
  const [above, below] = order === "asc" ? (["after", "before"] as const) : (["before", "after"] as const);
  const boundAt = (value: unknown, side: Bound["side"]): Bound | undefined =>
    value === undefined ? undefined : { values: [...prefix, value], side };
  const lowest = boundAt(gt, above) ?? boundAt(gte, below);
  const highest = boundAt(lt, below) ?? boundAt(lte, above);
  const whole = spanOf(prefix);
  return order === "asc"
    ? { from: lowest ?? whole.from, to: highest ?? whole.to }
    : { from: highest ?? whole.from, to: lowest ?? whole.to };
}
