import { type Bound, type ClusteringOrder, indexBehind, type Span } from "./memory-order.ts";
import type { MemoryRow } from "./memory-row.ts";

/** A block is split when it grows beyond this: an insertion moves at most so many rows, however many there are. */
const MAX_BLOCK = 512;

interface Position {
  readonly block: number;
  readonly index: number;
}

/** Rows in clustering order, in blocks that are in order too. */
export class MemoryRows {
  readonly #order: ClusteringOrder;
  /** None of them empty. */
  #blocks: MemoryRow[][] = [];

  constructor(order: ClusteringOrder) {
    this.#order = order;
  }

  get(clustering: readonly unknown[]): MemoryRow | undefined {
    const { block, index } = this.#behind({ values: clustering, side: "before" });
    const row = this.#blocks[block]?.[index];
    return row !== undefined && this.#order(row.clustering, { values: clustering, side: "after" }) < 0
      ? row
      : undefined;
  }

  /** Adds a row that `get` does not find. */
  add(row: MemoryRow): void {
    const { block, index } = this.#behind({ values: row.clustering, side: "before" });
    const rows = this.#blocks[block];
    const last = this.#blocks.at(-1);
    if (rows !== undefined) rows.splice(index, 0, row);
    else if (last !== undefined) last.push(row);
    else this.#blocks.push([row]);
    this.#splitIfLarge(Math.min(block, this.#blocks.length - 1));
  }

  /** The rows of a span, one at a time: the caller may stop early, and changes nothing meanwhile. */
  *within({ from, to }: Span): Generator<MemoryRow> {
    const end = this.#behind(to);
    let { block, index } = this.#behind(from);
    for (; block <= end.block && block < this.#blocks.length; block++, index = 0) {
      const rows = this.#blocks[block] ?? [];
      const stop = block === end.block ? end.index : rows.length;
      for (; index < stop; index++) {
        const row = rows[index];
        if (row !== undefined) yield row;
      }
    }
  }

  /** Takes out the rows for which `isGone`. */
  drop(isGone: (row: MemoryRow) => boolean): void {
    this.#blocks = this.#blocks.map((rows) => (rows.some(isGone) ? rows.filter((row) => !isGone(row)) : rows));
    this.#blocks = this.#blocks.filter((rows) => rows.length > 0);
  }

  get size(): number {
    return this.#blocks.reduce((sum, rows) => sum + rows.length, 0);
  }

  /** Where the first row behind the bound is; behind the last block if there is none. */
  #behind(bound: Bound): Position {
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#blocks[middle]?.at(-1);
      if (last !== undefined && this.#order(last.clustering, bound) < 0) low = middle + 1;
      else high = middle;
    }
    const rows = this.#blocks[low];
    return { block: low, index: rows === undefined ? 0 : indexBehind(rows, bound, this.#order) };
  }

  #splitIfLarge(block: number): void {
    const rows = this.#blocks[block];
    if (rows === undefined || rows.length <= MAX_BLOCK) return;
    // Rows mostly come in their order: then a full block stays full.
    const half = block === this.#blocks.length - 1 ? MAX_BLOCK : MAX_BLOCK / 2;
    this.#blocks.splice(block, 1, rows.slice(0, half), rows.slice(half));
  }
}
