import { type Deletion, hides, laterDeletion } from "./memory-cell.ts";
import { type ClusteringOrder, type Span, spanOf } from "./memory-order.ts";
import { MemoryRow } from "./memory-row.ts";
import { MemoryRows } from "./memory-rows.ts";

interface RangeDeletion extends Span {
  readonly deletion: Deletion;
}

/** The rows of one partition, its static columns, and what was deleted from it at large. */
export class MemoryPartition {
  readonly statics = new MemoryRow([], undefined);
  readonly #order: ClusteringOrder;
  readonly #rows: MemoryRows;
  #deletion: Deletion | undefined;
  #ranges: RangeDeletion[] = [];

  constructor(order: ClusteringOrder) {
    this.#order = order;
    this.#rows = new MemoryRows(order);
  }

  row(clustering: readonly unknown[]): MemoryRow | undefined {
    return this.#rows.get(clustering);
  }

  /** The row to write to; undefined where there is none and the write comes too late to make one. */
  rowToWrite(clustering: readonly unknown[], timestamp: number): MemoryRow | undefined {
    const found = this.#rows.get(clustering);
    if (found !== undefined) return found;
    const deletion = this.#deletionOf(clustering);
    if (hides(deletion, { timestamp })) return undefined;
    const row = new MemoryRow(clustering, deletion);
    this.#rows.add(row);
    return row;
  }

  /** The rows of a span in clustering order, one at a time: the caller may stop early. */
  rows(span: Span): Iterable<MemoryRow> {
    return this.#rows.within(span);
  }

  deleteAll(deletion: Deletion): void {
    this.#deletion = laterDeletion(this.#deletion, deletion);
    this.#ranges = this.#ranges.filter((range) => !hides(this.#deletion, range.deletion));
    this.statics.deleteUpTo(deletion);
    this.#deleteRows(spanOf([]), deletion);
  }

  deleteRange(span: Span, deletion: Deletion): void {
    if (!hides(this.#deletion, deletion)) this.#ranges.push({ ...span, deletion });
    this.#deleteRows(span, deletion);
  }

  /** Forgets what was deleted or expired by `cutSec`; returns how much that is dead by `nowSec` is left. */
  sweep(cutSec: number, nowSec: number): number {
    if (this.#deletion !== undefined && this.#deletion.atSec <= cutSec) this.#deletion = undefined;
    this.#ranges = this.#ranges.filter(({ deletion }) => deletion.atSec > cutSec);
    let dead = this.statics.sweep(cutSec, nowSec) + this.#ranges.length + (this.#deletion === undefined ? 0 : 1);
    for (const row of this.rows(spanOf([]))) dead += row.sweep(cutSec, nowSec);
    this.#rows.drop((row) => row.isBlankUnder(this.#deletion));
    return dead;
  }

  get isBlank(): boolean {
    const nothingDeleted = this.#deletion === undefined && this.#ranges.length === 0;
    return nothingDeleted && this.#rows.size === 0 && this.statics.isBlankUnder(undefined);
  }

  get size(): number {
    return this.#rows.size;
  }

  #deleteRows(span: Span, deletion: Deletion): void {
    let someGone = false;
    for (const row of this.rows(span)) {
      row.deleteUpTo(deletion);
      someGone ||= row.isBlankUnder(deletion);
    }
    // The deletion at large is kept, so a row with nothing else to say need not be.
    if (someGone) this.#rows.drop((row) => this.#isWithin(span, row.clustering) && row.isBlankUnder(deletion));
  }

  /** The latest of the deletions at large that cover a row. */
  #deletionOf(clustering: readonly unknown[]): Deletion | undefined {
    const covering = this.#ranges.filter((range) => this.#isWithin(range, clustering));
    return covering.reduce<Deletion | undefined>(
      (latest, { deletion }) => laterDeletion(latest, deletion),
      this.#deletion,
    );
  }

  #isWithin({ from, to }: Span, clustering: readonly unknown[]): boolean {
    return this.#order(clustering, from) > 0 && this.#order(clustering, to) < 0;
  }
}
