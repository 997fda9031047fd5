import type { Condition, Mutation, Values } from "../../../spec/mutation.ts";
import { ttlOf } from "../../../spec/mutation-values.ts";
import { primaryKeyOf, type Table } from "../../../spec/table.ts";
import type { AnalysedWrite, Refusal, TableName, Term, WriteShape } from "./analysed.ts";
import { BoundValues } from "./bound-values.ts";
import { checkMarkers, checkPartition } from "./check-prepared.ts";
import { type JsonRow, jsonRow } from "./json-row.ts";
import { insertedKey, jsonKey, type KeyValues, restrictedKey } from "./key-values.ts";
import type { PreparedStatement, Stored } from "./prepared-statement.ts";
import { known, orRefusal } from "./refusal.ts";
import { eachDeleted, eachRow } from "./rows-written.ts";
import { Unclear } from "./unclear.ts";

export interface Execution {
  /** Of this very text, in the session that executes it; where the text has no markers there is nothing to know. */
  readonly prepared: PreparedStatement;
  /** As given to the driver: an array, or an object by name. */
  readonly params: unknown;
  readonly stored: Stored;
  /** The keyspace of a table that is named without one. */
  readonly sessionKeyspace: string | undefined;
}

/** The tables that are declared, and the keyspace they are in. */
export interface Declared {
  readonly keyspace: string;
  readonly tables: readonly Table[];
}

export interface Derived {
  readonly kind: "mutations";
  /** None where only other tables are written. Of the columns written they hold the names; the values are null. */
  readonly mutations: readonly Mutation[];
}

/** A text without markers, of which nothing needs to be asked. */
export const NOTHING_PREPARED: PreparedStatement = Object.freeze({
  keyspace: undefined,
  table: undefined,
  partitionKeys: [],
  columns: [],
});

/**
 * What an execution of this text writes to the declared tables. Throws `MutationError` for a TTL on a table that is declared to have
 * none: that cells expire could be announced by nobody.
 */
export function deriveMutations(analysed: AnalysedWrite, execution: Execution, declared: Declared): Derived | Refusal {
  return orRefusal((about) => {
    const names = analysed.statements.map(({ at, table }) => fullName(table, execution.sessionKeyspace, at));
    const [only] = names;
    if (only !== undefined && names.length === 1) known(about, only);
    checkMarkers(analysed, execution.prepared, names);
    const bound = new BoundValues(execution.prepared, execution.params, execution.stored);
    const mutations = analysed.statements.flatMap((statement, i) => {
      const table = declaredTable(declared, names[i]);
      if (table === undefined) return [];
      if (!analysed.isBatch && statement.op !== "truncate") checkPartition(table, statement, execution.prepared);
      return mutationsOf(statement, table, bound);
    });
    return { kind: "mutations", mutations };
  });
}

function fullName({ keyspace, table }: TableName, session: string | undefined, at: number): TableName {
  const full = keyspace ?? session;
  if (full === undefined) throw new Unclear(`which keyspace ${table} is in is not known`, at);
  return { keyspace: full, table };
}

function declaredTable({ keyspace, tables }: Declared, name: TableName | undefined): Table | undefined {
  return name?.keyspace === keyspace ? tables.find((table) => table.name === name.table) : undefined;
}

function mutationsOf(statement: WriteShape, table: Table, bound: BoundValues): readonly Mutation[] {
  if (statement.op === "truncate") return [{ op: "truncate", table }];
  const condition = conditionOf(statement);
  const ttl = ttlOf(table, secondsOf(statement.ttl, bound));
  const row = statement.op === "insertJson" ? jsonRow(jsonText(statement.json, bound), statement.at) : undefined;
  const key = row ? jsonKey(table, row, statement.at) : keyOf(statement, table, bound);
  const missing = table.partition.find((column) => !key.has(column));
  if (missing !== undefined) throw new Unclear(`partition column ${table.name}.${missing} has no value`, statement.at);
  const set = nulls(columnsWritten(statement, table, row));
  const more = { ...(condition && { condition }), ...ttl };
  switch (statement.op) {
    case "insert":
    case "insertJson":
      return eachRow(table, key, (k) => Object.freeze({ op: "insert", table, key: k, set, ...more }));
    case "update":
      return eachRow(table, key, (k) => Object.freeze(updated(table, k, set, more)));
    case "delete": {
      // A deleted column is a null written; unlike a deleted row it may be static.
      if (statement.columns.length > 0)
        return eachRow(table, key, (k) => Object.freeze({ op: "update", table, key: k, set, ...more }));
      const isSlice = statement.where.some(({ kind }) => kind === "slice");
      return eachDeleted(table, key, isSlice, (k) => Object.freeze({ op: "delete", table, key: k, ...more }));
    }
  }
}

function updated(
  table: Table,
  key: Values,
  set: Values,
  more: { readonly condition?: Condition; readonly ttlSeconds?: number },
): Mutation {
  return table.counter ? { op: "increment", table, key, by: set } : { op: "update", table, key, set, ...more };
}

function conditionOf({ isConditional, op }: WriteShape): Condition | undefined {
  if (!isConditional) return undefined;
  return { kind: op === "insert" || op === "insertJson" ? "notExists" : "exists" };
}

function keyOf(statement: WriteShape, table: Table, bound: BoundValues): KeyValues {
  switch (statement.op) {
    case "insert":
      return insertedKey(table, statement.values, bound);
    case "update":
    case "delete":
      return restrictedKey(table, statement.where, bound);
    default:
      return new Map();
  }
}

function columnsWritten(statement: WriteShape, table: Table, row: JsonRow | undefined): readonly string[] {
  const keyColumns = primaryKeyOf(table);
  const isOther = (column: string): boolean => !keyColumns.includes(column);
  switch (statement.op) {
    case "insert":
      return [...statement.values.keys()].filter(isOther);
    case "insertJson": // what the JSON leaves out is written as null, unless the statement says otherwise
      return (statement.others === "null" ? Object.keys(table.columns) : [...(row?.keys() ?? [])]).filter(isOther);
    case "update":
      return statement.set;
    case "delete":
      return statement.columns;
    case "truncate":
      return [];
  }
}

const nulls = (columns: readonly string[]): Values => Object.freeze(Object.fromEntries(columns.map((c) => [c, null])));

function jsonText(term: Term, bound: BoundValues): string {
  const text =
    term.kind === "marker"
      ? bound.stored(term)
      : term.kind === "literal" && term.type === "string"
        ? term.text
        : undefined;
  if (typeof text === "string") return text;
  throw new Unclear("the JSON is no text", term.at);
}

/** Nothing for 0 and null, which mean that nothing expires. */
function secondsOf(ttl: Term | undefined, bound: BoundValues): number | undefined {
  if (ttl === undefined) return undefined;
  if (ttl.kind === "other") throw new Unclear(`the TTL is no marker or literal: ${ttl.reason}`, ttl.at);
  const seconds = Number(ttl.kind === "marker" ? (bound.stored(ttl) ?? 0) : ttl.text);
  return seconds === 0 ? undefined : seconds;
}
