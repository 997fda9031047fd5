import type { ColumnType } from "../../spec/column-type.ts";
import { keyOf } from "../../spec/types/map.ts";
import {
  type Cell,
  cellOf,
  type Deletion,
  hides,
  isLive,
  laterCell,
  laterDeletion,
  type Stamp,
} from "./memory-cell.ts";

/** One element of a collection, or one field of a user-defined type. */
interface Part {
  /** Tells the parts of a column apart, and orders them: a set's element, a map's key, a field's or list element's number. */
  readonly path: unknown;
  /** Its name in the value, of a map's entry or a field. */
  readonly name: string;
  readonly type: ColumnType;
  readonly value: unknown;
}

interface Entry extends Omit<Part, "value"> {
  readonly cell: Cell;
}

/**
 * A column that Cassandra keeps as several cells: a collection or user-defined type that is not frozen.
 *
 * Writing the whole value deletes what is older and adds the new parts. Two values written with one timestamp therefore
 * mix: sets and maps unite, lists follow each other.
 */
export class CellGroup {
  readonly #type: ColumnType;
  #deletion: Deletion | undefined;
  #entries: Entry[] = [];
  #written = 0;

  constructor(type: ColumnType) {
    this.#type = type;
  }

  assign(value: unknown, stamp: Stamp): void {
    // One microsecond earlier, so that the parts of this very write stay. A null does no more than that.
    this.deleteUpTo({ timestamp: stamp.timestamp - 1, atSec: stamp.atSec });
    if (value === null) return;
    for (const part of this.#partsOf(value)) this.#put(part, stamp);
  }

  deleteUpTo(deletion: Deletion): void {
    this.#deletion = laterDeletion(this.#deletion, deletion);
    this.#entries = this.#entries.filter(({ cell }) => !hides(this.#deletion, cell));
  }

  isLive(nowSec: number): boolean {
    return this.#entries.some(({ cell }) => isLive(cell, nowSec));
  }

  /** The canonical value; null if no part is left, because Cassandra cannot tell that from an empty one. */
  value(nowSec: number): unknown {
    const live = this.#entries.filter(({ cell }) => isLive(cell, nowSec));
    return live.length === 0 ? null : this.#type.accept(this.#assembled(live));
  }

  /** Forgets what was deleted or expired by `cutSec`; returns how much that is dead by `nowSec` is left. */
  sweep(cutSec: number, nowSec: number): number {
    const isOld = ({ endsSec }: Cell): boolean => endsSec !== undefined && endsSec <= cutSec;
    this.#entries = this.#entries.filter(({ cell }) => !isOld(cell));
    if (this.#deletion !== undefined && this.#deletion.atSec <= cutSec) this.#deletion = undefined;
    const dead = this.#entries.filter(({ cell }) => !isLive(cell, nowSec));
    return dead.length + (this.#deletion === undefined ? 0 : 1);
  }

  get isBlank(): boolean {
    return this.#entries.length === 0 && this.#deletion === undefined;
  }

  #put({ value, ...place }: Part, stamp: Stamp): void {
    const cell = cellOf(value, stamp);
    if (hides(this.#deletion, cell)) return;
    const at = this.#entries.findIndex(({ path }) => this.#compare(path, place.path) >= 0);
    const found = this.#entries[at];
    if (found === undefined) this.#entries.push({ ...place, cell });
    else if (this.#compare(found.path, place.path) > 0) this.#entries.splice(at, 0, { ...place, cell });
    else this.#entries[at] = { ...found, cell: laterCell(place.type, found.cell, cell) };
  }

  #compare(a: unknown, b: unknown): number {
    const { shape } = this.#type;
    if (shape.kind === "set") return shape.of.compare(a, b);
    return shape.kind === "map" ? shape.key.compare(a, b) : Number(a) - Number(b);
  }

  #partsOf(value: unknown): readonly Part[] {
    const { shape } = this.#type;
    if (shape.kind === "set") return elementsOf(value).map((path) => ({ path, name: "", type: shape.of, value: true }));
    if (shape.kind === "list") {
      return elementsOf(value).map((each) => ({ path: this.#written++, name: "", type: shape.of, value: each }));
    }
    if (shape.kind === "map") {
      return Object.entries(Object(value)).map(([name, each]) => {
        return { path: pathIn(shape.key, name), name, type: shape.value, value: each };
      });
    }
    if (shape.kind !== "udt") return [];
    const fields = Object.entries(shape.fields).map(([name, type], path) => {
      return { path, name, type, value: Object(value)[name] ?? null };
    });
    return fields.filter((field) => field.value !== null);
  }

  #assembled(live: readonly Entry[]): unknown {
    const { kind } = this.#type.shape;
    if (kind === "set") return live.map(({ path }) => path);
    if (kind === "list") return live.map(({ cell }) => cell.value);
    return Object.fromEntries(live.map(({ name, cell }) => [name, cell.value]));
  }
}

/** True where each part of the column is a cell of its own. */
export const hasManyCells = ({ shape }: ColumnType): boolean => "frozen" in shape && !shape.frozen;

const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const pathIn = (key: ColumnType, name: string): unknown =>
  key.keyText === undefined ? name : keyOf({ ...key, keyText: key.keyText }, name);
