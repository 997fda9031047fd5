import type { types } from "cassandra-driver";
import type { StoreRead } from "../../ports/store.ts";
import type { ColumnType } from "../../spec/column-type.ts";
import { regularColumnsOf, type Table } from "../../spec/table.ts";
import { hasManyCells, mayExpire, ttlReadable } from "./cells.ts";
import { fromDriver } from "./codec.ts";
import { ttlColumn } from "./select-statement.ts";

type Row = Readonly<Record<string, unknown>>;

/** Turns the driver's rows into canonical ones, and gathers what they say about expiry. */
export class RowDecoder {
  readonly #columns: readonly (readonly [string, ColumnType])[];
  readonly #clustering: readonly string[];
  readonly #expiry: ExpiryReader | undefined;
  readonly #rows: Row[] = [];

  constructor(table: Table) {
    this.#columns = Object.entries(table.columns);
    this.#clustering = table.clustering.map(({ column }) => column);
    this.#expiry = mayExpire(table) ? new ExpiryReader(table) : undefined;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Throws `ValueError` for a value that its type cannot hold. */
  add(page: readonly types.Row[]): void {
    for (const raw of page) {
      // The static columns of a partition without rows come as a row without clustering values.
      if (this.#clustering.some((column) => raw[column] === null)) continue;
      const row: Record<string, unknown> = {};
      for (const [column, type] of this.#columns) row[column] = fromDriver(type, raw[column]);
      this.#rows.push(Object.freeze(row));
      this.#expiry?.note(raw);
    }
  }

  read(): StoreRead {
    const rows = Object.freeze(this.#rows);
    const { expiresInMs, isKnown } = this.#expiry ?? { expiresInMs: undefined, isKnown: true };
    return { rows, count: rows.length, expiresInMs, expiryKnown: isKnown };
  }
}

/**
 * The least time to live of the cells read. It stays unknown where a column of many cells holds something, and where a row
 * has no other column: then it hangs on its marker, whose TTL cannot be asked for.
 */
class ExpiryReader {
  readonly #single: readonly string[];
  readonly #many: readonly string[];
  readonly #regular: ReadonlySet<string>;
  #leastSec = Number.POSITIVE_INFINITY;
  isKnown = true;

  constructor(table: Table) {
    this.#single = ttlReadable(table);
    this.#many = Object.entries(table.columns).flatMap(([column, type]) => (hasManyCells(type) ? [column] : []));
    this.#regular = new Set(regularColumnsOf(table));
  }

  note(raw: types.Row): void {
    let isBare = true;
    for (const column of this.#single) {
      if (raw[column] === null) continue;
      if (this.#regular.has(column)) isBare = false;
      const seconds: unknown = raw[ttlColumn(column)];
      if (typeof seconds === "number") this.#leastSec = Math.min(this.#leastSec, seconds);
    }
    if (isBare || this.#many.some((column) => raw[column] !== null)) this.isKnown = false;
  }

  /** A TTL of n is rounded up: the cell may go any moment after n - 1 seconds. */
  get expiresInMs(): number | undefined {
    return Number.isFinite(this.#leastSec) ? Math.max(0, this.#leastSec - 1) * 1000 : undefined;
  }
}
