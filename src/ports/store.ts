import type { Mutation } from "../spec/mutation.ts";
import type { ReadPlan } from "../spec/read-plan.ts";
import type { Table } from "../spec/table.ts";

/** How much a read must see. `strong` overlaps every acknowledged write; `serial` also finishes conditional writes left undecided. */
export type ReadLevel = "strong" | "weak" | "serial";

/** What a read found. */
export interface StoreRead {
  /** Canonical rows (frozen, every column present, null where empty) in clustering order; at most one for a row; none for a count. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** For a count: how many. For rows and row: `rows.length`. */
  readonly count: number;
  /** The least time that any cell read has left to live, in milliseconds; undefined if none expires. */
  readonly expiresInMs: number | undefined;
  /** False where expiry could not be read (bare keys, counts, multi-cell collections of a table with `ttl: "may"`): do not cache. */
  readonly expiryKnown: boolean;
}

export interface StoreWrite {
  /** False if a condition did not hold; true for every unconditional write that succeeded. */
  readonly applied: boolean;
}

/** A column or table where the live schema differs from the declared one, in words. */
export interface SchemaDifference {
  readonly table: string;
  readonly column: string | undefined;
  readonly declared: string;
  readonly live: string;
}

/** The name, and whether reads at `strong` overlap writes at it, as the live replication settings say. */
export interface LevelCheck {
  readonly overlap: boolean;
  /** E.g. `LOCAL_QUORUM with LOCAL_QUORUM, NetworkTopologyStrategy dc1: 3`. */
  readonly words: string;
}

/**
 * The database. Contract, proven by `test/ports/store.conformance.ts` on every implementation.
 *
 * `read` throws `StoreReadError`. `write` throws `WriteRefusedError` (nothing was written, and never will be) or `WriteUnknownError`
 * (it may be applied, now or later).
 */
export interface Store {
  read(plan: ReadPlan, options: { readonly level: ReadLevel; readonly deadlineMs: number }): Promise<StoreRead>;
  /** One statement, or one logged batch. `timestampMicros` orders it against other writes; conditional writes and counters ignore it. */
  write(
    mutations: readonly Mutation[],
    options: { readonly timestampMicros: number; readonly deadlineMs: number },
  ): Promise<StoreWrite>;
  /** Where the live schema differs from these tables; empty if nowhere. */
  compareSchema(tables: readonly Table[]): Promise<readonly SchemaDifference[]>;
  checkLevels(): Promise<LevelCheck>;
  /** Resolves if the database answers a trivial read. Throws `StoreReadError`. */
  ping(options: { readonly deadlineMs: number }): Promise<void>;
  close(): Promise<void>;
}
