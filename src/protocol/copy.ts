import type { Subject } from "./names.ts";
import type { Tick } from "./position.ts";

/**
 * A copy of a database value: first being loaded (a flight), then, if nothing touched it, held (an entry).
 *
 * Rule 7: it is stored, joinable and servable only while its as-of is not before the last touch of its key, its partitions, its
 * tables and all.
 */
export interface Copy {
  readonly subject: Subject;
  /** The local tick at which the load began: everything applied up to then is in the value. */
  readonly asOf: Tick;
  /** Slots of the partitions it depends on. */
  readonly slots: readonly number[];
  /** The tables it was read from; a view gains those of what it reads. */
  readonly marks: TableMark[];
  /** Set once its key, or a name that a view read, was touched: it never counts again. */
  detached: boolean;
  /** A view's dependencies, found as it reads; undefined for reads of one table, and once it is let go. */
  dependsOn: Set<string> | undefined;
}

/** When a table was last touched as a whole. Shared by every copy of that table, so that touching it is one assignment. */
export interface TableMark {
  readonly table: string;
  touchedAt: Tick;
}
