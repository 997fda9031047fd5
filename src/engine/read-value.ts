import type { Store, StoreRead } from "../ports/store.ts";
import type { LoadLevel } from "../protocol/load.ts";
import { planOf, type ReadPlan } from "../spec/read-plan.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Counters } from "./counters.ts";
import type { Gate } from "./gate.ts";
import type { Found, ReadValue } from "./loader.ts";
import type { Wanted } from "./wanted.ts";

/** Sends one read to the database, behind the gate that bounds them. */
export type ReadStore = (plan: ReadPlan, level: LoadLevel) => Promise<StoreRead>;

export function createReadStore(store: Store, gate: Gate, counters: Counters, readDeadlineMs: number): ReadStore {
  return (plan, level) =>
    gate.run(() => {
      counters.databaseReads++;
      return store.read(plan, { level, deadlineMs: readDeadlineMs });
    });
}

/** What one read of a table found for a key. */
export type FoundRows = Pick<Found, "value" | "partial" | "livesMs" | "unkept">;

/** Reads what a key shows of its table, at this level. Undefined for a view, which has no table of its own. */
export type ReadTable = (wanted: Wanted, level: LoadLevel) => Promise<FoundRows> | undefined;

export function createReadTable(readStore: ReadStore, defaults: Pick<ResolvedOptions, "maxRows">): ReadTable {
  return ({ key, params }, level) => {
    const plan = planOf(key, params);
    if (plan?.kind === "rows") return readRows(plan, level, key.options.maxRows ?? defaults.maxRows, readStore);
    return plan && readOne(plan, level, readStore);
  };
}

/** Whether reads at the strong level meet every acknowledged write; false until that is known. */
export interface Levels {
  readonly overlap: boolean;
}

/** Reads rows, a row or a count from the store; hands views to `readView`. */
export function createReadValue(readTable: ReadTable, readView: ReadValue, levels: Levels): ReadValue {
  return async (wanted, load, context) => {
    const isCoherent = levels.overlap && load.level !== "weak"; // as it is when the read begins
    const reading = readTable(wanted, load.level);
    if (reading === undefined) return readView(wanted, load, context);
    return { ...(await reading), coherent: isCoherent, asOf: load.startedAt };
  };
}

async function readOne(plan: ReadPlan, level: LoadLevel, readStore: ReadStore): Promise<FoundRows> {
  const read = await readStore(plan, level);
  return found(plan.kind === "count" ? read.count : read.rows[0], false, read);
}

/** One row more than the bound is asked for, to see that there are more. A list of its first n has its bound in its declaration. */
async function readRows(plan: ReadPlan, level: LoadLevel, maxRows: number, readStore: ReadStore): Promise<FoundRows> {
  if (plan.limit !== undefined) {
    const read = await readStore(plan, level);
    return found(read.rows, false, read);
  }
  const read = await readStore({ ...plan, limit: maxRows + 1 }, level);
  const partial = read.rows.length > maxRows;
  return found(partial ? read.rows.slice(0, maxRows) : read.rows, partial, read);
}

function found(value: unknown, partial: boolean, read: StoreRead): FoundRows {
  return {
    value,
    partial,
    livesMs: read.expiresInMs ?? Number.POSITIVE_INFINITY,
    unkept: read.expiryKnown ? undefined : "ttl-unknown",
  };
}
