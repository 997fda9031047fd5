import type { Store, StoreRead } from "../ports/store.ts";
import type { Load } from "../protocol/load.ts";
import { planOf, type ReadPlan } from "../spec/read-plan.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Counters } from "./counters.ts";
import type { Gate } from "./gate.ts";
import type { Found, ReadValue } from "./loader.ts";

/** Sends one read to the database, behind the gate that bounds them. */
export type ReadStore = (plan: ReadPlan, level: Load["level"]) => Promise<StoreRead>;

export function createReadStore(store: Store, gate: Gate, counters: Counters, readDeadlineMs: number): ReadStore {
  return (plan, level) =>
    gate.run(() => {
      counters.databaseReads++;
      return store.read(plan, { level, deadlineMs: readDeadlineMs });
    });
}

/** Reads rows, a row or a count from the store; hands views to `readView`. */
export function createReadValue(readStore: ReadStore, options: ResolvedOptions, readView: ReadValue): ReadValue {
  return async (wanted, load, context) => {
    const plan = planOf(wanted.key, wanted.params);
    if (plan === undefined) return readView(wanted, load, context);
    if (plan.kind === "rows") return readRows(plan, load, wanted.key.options.maxRows ?? options.maxRows, readStore);
    const read = await readStore(plan, load.level);
    return found(plan.kind === "count" ? read.count : read.rows[0], false, read, load);
  };
}

/** One row more than the bound is asked for, to see that there are more. A list of its first n has its bound in its declaration. */
async function readRows(plan: ReadPlan, load: Load, maxRows: number, readStore: ReadStore): Promise<Found> {
  if (plan.limit !== undefined) {
    const read = await readStore(plan, load.level);
    return found(read.rows, false, read, load);
  }
  const read = await readStore({ ...plan, limit: maxRows + 1 }, load.level);
  const partial = read.rows.length > maxRows;
  return found(partial ? read.rows.slice(0, maxRows) : read.rows, partial, read, load);
}

function found(value: unknown, partial: boolean, read: StoreRead, load: Load): Found {
  return {
    value,
    partial,
    livesMs: read.expiresInMs ?? Number.POSITIVE_INFINITY,
    unkept: read.expiryKnown ? undefined : "ttl-unknown",
    asOf: load.startedAt,
  };
}
