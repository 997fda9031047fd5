import type { ColumnType } from "../../spec/column-type.ts";
import {
  type Cell,
  cellOf,
  type Deletion,
  hides,
  isLive,
  laterCell,
  laterDeletion,
  laterMarker,
  type Marker,
  markerOf,
  type Stamp,
} from "./memory-cell.ts";
import { CellGroup, hasManyCells } from "./memory-cell-group.ts";

/** The cells of one row, or of the static columns of one partition. */
export class MemoryRow {
  /** Its clustering values, in the order of the primary key; none for static columns. */
  readonly clustering: readonly unknown[];
  #deletion: Deletion | undefined;
  #marker: Marker | undefined;
  readonly #cells = new Map<string, Cell | CellGroup>();

  constructor(clustering: readonly unknown[], deletion: Deletion | undefined) {
    this.clustering = clustering;
    this.#deletion = deletion;
  }

  /** What an insert does and an update does not: the row exists even if all its columns become null. */
  mark(stamp: Stamp): void {
    const marker = markerOf(stamp);
    if (!hides(this.#deletion, marker)) this.#marker = laterMarker(this.#marker, marker);
  }

  set(column: string, type: ColumnType, value: unknown, stamp: Stamp): void {
    if (hides(this.#deletion, stamp)) return;
    if (hasManyCells(type)) {
      this.#groupOf(column, type).assign(value, stamp);
      return;
    }
    const cell = cellOf(value, stamp);
    const found = this.#cells.get(column);
    this.#cells.set(column, found === undefined || found instanceof CellGroup ? cell : laterCell(type, found, cell));
  }

  /** Adds to a counter, which wraps around at 64 bits as Cassandra's does. */
  add(column: string, amount: unknown, stamp: Stamp): void {
    const found = this.#cells.get(column);
    const before = found === undefined || found instanceof CellGroup ? 0n : BigInt(String(found.value ?? 0));
    const sum = BigInt.asIntN(64, before + BigInt(String(amount)));
    this.#cells.set(column, cellOf(String(sum), stamp));
  }

  deleteUpTo(deletion: Deletion): void {
    this.#deletion = laterDeletion(this.#deletion, deletion);
    if (this.#marker !== undefined && hides(this.#deletion, this.#marker)) this.#marker = undefined;
    for (const [column, cell] of this.#cells) {
      if (cell instanceof CellGroup) cell.deleteUpTo(deletion);
      else if (hides(this.#deletion, cell)) this.#cells.delete(column);
    }
  }

  exists(nowSec: number): boolean {
    if (this.#marker !== undefined && (this.#marker.endsSec === undefined || nowSec < this.#marker.endsSec))
      return true;
    return this.hasLiveCell(nowSec);
  }

  hasLiveCell(nowSec: number): boolean {
    for (const column of this.#cells.keys()) if (this.isLive(column, nowSec)) return true;
    return false;
  }

  isLive(column: string, nowSec: number): boolean {
    const cell = this.#cells.get(column);
    if (cell === undefined) return false;
    return cell instanceof CellGroup ? cell.isLive(nowSec) : isLive(cell, nowSec);
  }

  /** The canonical value of a column; null where there is none. */
  value(column: string, nowSec: number): unknown {
    const cell = this.#cells.get(column);
    if (cell === undefined) return null;
    if (cell instanceof CellGroup) return cell.value(nowSec);
    return isLive(cell, nowSec) ? cell.value : null;
  }

  /** The second from which the value of a column of one cell is gone; undefined if it stays, or if there is none. */
  endsSec(column: string, nowSec: number): number | undefined {
    const cell = this.#cells.get(column);
    return cell === undefined || cell instanceof CellGroup || !isLive(cell, nowSec) ? undefined : cell.endsSec;
  }

  /** Forgets what was deleted or expired by `cutSec`; returns how much that is dead by `nowSec` is left. */
  sweep(cutSec: number, nowSec: number): number {
    let dead = 0;
    if (this.#marker?.endsSec !== undefined && this.#marker.endsSec <= cutSec) this.#marker = undefined;
    if (this.#deletion !== undefined && this.#deletion.atSec <= cutSec) this.#deletion = undefined;
    for (const [column, cell] of this.#cells) {
      if (cell instanceof CellGroup) dead += cell.sweep(cutSec, nowSec);
      const gone = cell instanceof CellGroup ? cell.isBlank : cell.endsSec !== undefined && cell.endsSec <= cutSec;
      if (gone) this.#cells.delete(column);
      else if (!(cell instanceof CellGroup) && !isLive(cell, nowSec)) dead++;
    }
    return dead + (this.#deletion === undefined ? 0 : 1);
  }

  /** True if nothing would be lost by forgetting the row, given a deletion that is kept elsewhere and covers it. */
  isBlankUnder(kept: Deletion | undefined): boolean {
    if (this.#marker !== undefined || this.#cells.size > 0) return false;
    return this.#deletion === undefined || hides(kept, this.#deletion);
  }

  #groupOf(column: string, type: ColumnType): CellGroup {
    const found = this.#cells.get(column);
    if (found instanceof CellGroup) return found;
    const group = new CellGroup(type);
    this.#cells.set(column, group);
    return group;
  }
}
