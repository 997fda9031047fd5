import type { ColumnType } from "../../spec/column-type.ts";
import { compareSerialized } from "./memory-serialized.ts";

/** When a write counts as done, and until when what it wrote stays. */
export interface Stamp {
  /** Microseconds since 1970, as the writer gave them. */
  readonly timestamp: number;
  /** The second at which the write arrived. */
  readonly atSec: number;
  readonly ttlSeconds: number | undefined;
}

/** One value of one column, or the tombstone of one. */
export interface Cell {
  /** Null in a tombstone. */
  readonly value: unknown;
  readonly timestamp: number;
  /** The second from which the value is gone, or at which the tombstone was written; undefined for a value that stays. */
  readonly endsSec: number | undefined;
}

/** What makes a row exist although all its columns are null. Only an insert leaves one. */
export interface Marker {
  readonly timestamp: number;
  readonly endsSec: number | undefined;
}

/** Hides everything that was written at or before its timestamp. */
export interface Deletion {
  readonly timestamp: number;
  /** The second at which it was written. */
  readonly atSec: number;
}

export function cellOf(value: unknown, { timestamp, atSec, ttlSeconds }: Stamp): Cell {
  if (value === null) return { value, timestamp, endsSec: atSec };
  return { value, timestamp, endsSec: ttlSeconds === undefined ? undefined : atSec + ttlSeconds };
}

export function markerOf({ timestamp, atSec, ttlSeconds }: Stamp): Marker {
  return { timestamp, endsSec: ttlSeconds === undefined ? undefined : atSec + ttlSeconds };
}

export const isLive = (cell: Cell, nowSec: number): boolean =>
  cell.value !== null && (cell.endsSec === undefined || nowSec < cell.endsSec);

/**
 * Of two cells in one place, the one that stays: the later; at one timestamp a tombstone, then what expires, then what
 * expires later, then the larger value. As Cassandra's `Cells.resolveRegular`, so that the order of arrival never matters.
 */
export function laterCell(type: ColumnType, a: Cell, b: Cell): Cell {
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp ? a : b;
  if (a.endsSec === undefined && b.endsSec === undefined) return compareSerialized(type, a.value, b.value) >= 0 ? a : b;
  if (a.endsSec === undefined || b.endsSec === undefined) return a.endsSec === undefined ? b : a;
  if (a.value === null || b.value === null) {
    if (a.value !== b.value) return a.value === null ? a : b;
    return a.endsSec >= b.endsSec ? a : b;
  }
  if (a.endsSec !== b.endsSec) return a.endsSec > b.endsSec ? a : b;
  return compareSerialized(type, a.value, b.value) >= 0 ? a : b;
}

/** Of two markers of one row, the one that stays. */
export function laterMarker(a: Marker | undefined, b: Marker): Marker {
  if (a === undefined) return b;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp ? a : b;
  if (a.endsSec === undefined || b.endsSec === undefined) return a.endsSec === undefined ? b : a;
  return a.endsSec >= b.endsSec ? a : b;
}

export function laterDeletion(a: Deletion | undefined, b: Deletion | undefined): Deletion | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp ? a : b;
  return a.atSec >= b.atSec ? a : b;
}

export const hides = (deletion: Deletion | undefined, written: { readonly timestamp: number }): boolean =>
  deletion !== undefined && written.timestamp <= deletion.timestamp;
