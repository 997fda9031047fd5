import type { LiveKeyspace } from "../../adapters/cassandra/live-keyspace.ts";
import type { Table } from "../../spec/table.ts";
import { planKeys } from "./plan-keys.ts";
import { planTables } from "./plan-tables.ts";
import { planTypes } from "./plan-types.ts";

/** What the two modules will hold, and what they leave out. */
export interface Plan {
  readonly keyspace: string;
  /** Each after those that it is made of. */
  readonly types: readonly PlannedType[];
  readonly tables: readonly PlannedTable[];
  readonly keys: readonly PlannedKey[];
  readonly leftOut: readonly LeftOut[];
}

export interface PlannedType {
  readonly name: string;
  /** Its name in the module. */
  readonly constant: string;
  readonly fields: readonly CodedColumn[];
}

/** A column or field, and the code of its type. */
export interface CodedColumn {
  readonly name: string;
  readonly code: string;
}

export interface PlannedTable {
  readonly constant: string;
  readonly table: Table;
  /** Keys in their order, then static columns, then the others by name. */
  readonly columns: readonly CodedColumn[];
  /** What one should know before caching it. */
  readonly notes: readonly string[];
}

export interface PlannedKey {
  readonly name: string;
  readonly template: string;
  readonly kind: "row" | "rows";
  readonly table: PlannedTable;
  /** Undefined where each column fills the parameter of its own name. */
  readonly bind: Readonly<Record<string, string>> | undefined;
  /** What is guessed about it; undefined for the key of a row, which is none. */
  readonly guess: string | undefined;
}

/** Something of the keyspace that no module declares. */
export interface LeftOut {
  readonly what: "type" | "table" | "column" | "materialized view" | "index";
  readonly name: string;
  readonly why: string;
}

/** Decides what to declare of a keyspace. The same keyspace gives the same plan. */
export function planModules(live: LiveKeyspace): Plan {
  const types = planTypes(live);
  const tables = planTables(live, types.declared);
  return {
    keyspace: live.name,
    types: types.planned,
    tables: tables.planned,
    keys: planKeys(tables.planned),
    leftOut: [...types.leftOut, ...tables.leftOut, ...derived(live)],
  };
}

/** What Cassandra itself derives from the tables. */
function derived({ indexes, views }: LiveKeyspace): readonly LeftOut[] {
  return [
    ...byName(views).map(
      ({ name, of }): LeftOut => ({
        what: "materialized view",
        name,
        why: `Cassandra changes it some time after ${of}, and no write names its rows. Read it past the cache, or through a view key with a ttlMs that you can bear`,
      }),
    ),
    ...byName(indexes).map(
      ({ name, table, target }): LeftOut => ({
        what: "index",
        name: `${name} on ${table}(${target})`,
        why: "a key is read by primary key and by nothing else. Ask past the cache, or write a lookup table",
      }),
    ),
  ];
}

/** In an order that does not depend on the server's. */
export function byName<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
}
