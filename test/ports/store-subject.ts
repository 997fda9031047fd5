import type { Store, StoreRead, StoreWrite } from "../../src/ports/store.ts";
import type { Mutation, Values } from "../../src/spec/mutation.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import type { Table } from "../../src/spec/table.ts";

/** A store under test, holding the tables of `store-tables.ts`. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Lets time pass, on the clock that TTLs run by. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

const DEADLINE_MS = 10_000;

/** What a test says to a store, shortly. Made in `beforeAll`, so promises get it by a function. */
export class Subject {
  readonly store: Store;
  readonly elapse: (ms: number) => Promise<void>;

  constructor({ elapse, store }: StoreUnderTest) {
    this.store = store;
    this.elapse = elapse;
  }

  /** Writes at a timestamp, in microseconds; small numbers do. */
  write(timestampMicros: number, ...mutations: readonly Mutation[]): Promise<StoreWrite> {
    return this.store.write(mutations, { timestampMicros, deadlineMs: DEADLINE_MS });
  }

  read(plan: ReadPlan, level: "strong" | "weak" | "serial" = "strong"): Promise<StoreRead> {
    return this.store.read(plan, { level, deadlineMs: DEADLINE_MS });
  }

  async row(table: Table, where: Values): Promise<Values | undefined> {
    const { count, rows } = await this.read({ kind: "row", table, where });
    if (rows.length > 1 || count !== rows.length) throw new Error(`${rows.length} rows, counted ${count}`);
    return rows[0];
  }

  async rows(
    table: Table,
    where: Values,
    rest: { readonly after?: Values; readonly limit?: number } = {},
  ): Promise<readonly Values[]> {
    const { count, rows } = await this.read({ kind: "rows", table, where, ...rest });
    if (count !== rows.length) throw new Error(`${rows.length} rows, counted ${count}`);
    return rows;
  }

  async count(table: Table, where: Values): Promise<number> {
    const { count, rows } = await this.read({ kind: "count", table, where });
    if (rows.length > 0) throw new Error("a count with rows");
    return count;
  }
}

let last = 0;

/** A number that no other test of this run uses, for partition keys: a store is filled once for all tests. */
export const fresh = (): number => ++last;

/** The values of one column, row by row. */
export const column = (rows: readonly Values[], name: string): readonly unknown[] => rows.map((row) => row[name]);

/** True if nothing in the value can be changed. */
export function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
