import type { ColumnType } from "./column-type.ts";
import { show } from "./error.ts";
import type { Condition, Range, Values } from "./mutation.ts";
import { MutationError } from "./mutation-error.ts";
import { columnOf, primaryKeyOf, type Table } from "./table.ts";

/** A condition as a caller writes it. */
export interface GivenCondition {
  readonly ifExists?: true;
  readonly if?: Values;
}

function typeOf(table: Table, column: string): ColumnType {
  const type = columnOf(table, column);
  if (type === undefined) {
    throw new MutationError(
      `${table.name} has no column ${column}`,
      `Its columns are ${Object.keys(table.columns).join(", ")}`,
    );
  }
  return type;
}

/** Canonical values of these columns; those left undefined are left out. */
export function acceptAll(table: Table, values: Values): Values {
  const accepted: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(values)) {
    const type = typeOf(table, column);
    if (value !== undefined) accepted[column] = value === null ? null : type.accept(value);
  }
  return Object.freeze(accepted);
}

/** Exactly these key columns, none missing, none null, no other. */
export function exactKey(table: Table, given: Values, columns: readonly string[]): Values {
  const extra = Object.keys(given).find((column) => given[column] !== undefined && !columns.includes(column));
  if (extra !== undefined) {
    typeOf(table, extra);
    throw new MutationError(`${extra} does not belong in this key of ${table.name}`, `Give ${columns.join(", ")}`);
  }
  return keyOf(table, given, columns);
}

/** These key columns, none missing, none null. */
export function keyOf(table: Table, given: Values, columns: readonly string[]): Values {
  const key: Record<string, unknown> = {};
  for (const column of columns) {
    const value = Object.hasOwn(given, column) ? given[column] : undefined;
    if (value === undefined || value === null) {
      throw new MutationError(
        `key column ${table.name}.${column} is ${value === null ? "null" : "missing"}`,
        "Give it a value: nothing in a key may be null",
      );
    }
    key[column] = typeOf(table, column).accept(value);
  }
  return Object.freeze(key);
}

/** The key that an update writes by: the row's, or the partition's where all that it sets and asks is static. */
export function updateKey(table: Table, given: Values, set: Values, condition?: Condition): Values {
  checkSet(table, set);
  const isStatic = (column: string): boolean => table.static.includes(column);
  const asked = condition?.kind === "equals" ? Object.keys(condition.values) : [];
  const setsStatics = Object.keys(set).every(isStatic);
  const byPartition = Object.keys(given).every((column) => table.partition.includes(column));
  if (!setsStatics || (!byPartition && !asked.every(isStatic))) return exactKey(table, given, primaryKeyOf(table));
  if (byPartition) {
    checkAsked(
      table,
      asked.find((column) => !isStatic(column)),
    );
    return exactKey(table, given, table.partition);
  }
  checkExists(table, condition);
  // Cassandra takes clustering columns for a mistake where they decide nothing: they are checked, and left out.
  return keyOf(table, exactKey(table, given, primaryKeyOf(table)), table.partition);
}

function checkSet(table: Table, set: Values): void {
  const columns = Object.keys(set);
  if (columns.length === 0) throw new MutationError(`update of ${table.name} sets nothing`, "Name a column to set");
  const keyColumns = primaryKeyOf(table);
  const inKey = columns.find((column) => keyColumns.includes(column));
  if (inKey === undefined) return;
  throw new MutationError(
    `update of ${table.name} sets the key column ${inKey}`,
    "Delete the row and insert the other",
  );
}

function checkAsked(table: Table, asked: string | undefined): void {
  if (asked === undefined) return;
  throw new MutationError(
    `update of the static columns of a partition of ${table.name} if ${asked}`,
    `Compare static columns, or name the row by ${primaryKeyOf(table).join(", ")}`,
  );
}

function checkExists(table: Table, condition: Condition | undefined): void {
  if (condition?.kind !== "exists") return;
  throw new MutationError(
    `update of static columns of ${table.name} if a row exists`,
    `Give ${table.partition.join(", ")} alone: Cassandra asks only whether the partition has static columns`,
  );
}

export function refuseCounters(table: Table, op: string): void {
  if (table.counter) throw new MutationError(`${op} on ${table.name}, which holds counters`, "Use increment or remove");
}

const MAX_TTL_SECONDS = 630_720_000; // Cassandra's own limit, 20 years

export function ttlOf(table: Table, ttlSeconds: number | undefined): { readonly ttlSeconds?: number } {
  if (ttlSeconds === undefined) return {};
  if (table.ttl === "never") {
    throw new MutationError(
      `a TTL on ${table.name}, which is declared ttl: "never"`,
      `Declare it ttl: "may", or write without TTL`,
    );
  }
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS) {
    throw new MutationError(`a TTL of ${show(ttlSeconds)} seconds`, `Give a whole number from 1 to ${MAX_TTL_SECONDS}`);
  }
  return { ttlSeconds };
}

export function conditionOf(table: Table, given: GivenCondition): Condition | undefined {
  if (given.if === undefined && given.ifExists === undefined) return undefined;
  if (table.counter) throw new MutationError(`a condition on ${table.name}, which holds counters`, "Leave it out");
  if (given.if === undefined) return { kind: "exists" };
  if (given.ifExists)
    throw new MutationError(`if and ifExists on ${table.name}`, "Columns that hold values exist: give if");
  const values = acceptAll(table, given.if);
  const inKey = Object.keys(values).find((column) => primaryKeyOf(table).includes(column));
  if (inKey !== undefined || Object.keys(values).length === 0) {
    throw new MutationError(
      `a condition on ${inKey ?? "nothing"} of ${table.name}`,
      "Compare columns outside the key, or use ifExists",
    );
  }
  return { kind: "equals", values };
}

const SIDES = ["gt", "gte", "lt", "lte"];

/** Bounds of one column. A misspelt side would delete the rows it was meant to spare, so none is passed over. */
export function rangeOf(table: Table, column: string, bounds: Values): Range {
  const given = Object.entries(bounds).filter(([, value]) => value !== undefined);
  const sides = given.map(([side]) => side);
  const unknown = sides.find((side) => !SIDES.includes(side));
  const twice =
    sides.filter((side) => side.startsWith("g")).length > 1 || sides.filter((s) => s.startsWith("l")).length > 1;
  if (unknown !== undefined || twice) {
    throw new MutationError(
      `range of ${table.name}.${column} with ${sides.join(", ")}`,
      "Give at most one of gt and gte, and one of lt and lte",
    );
  }
  const type = typeOf(table, column);
  return Object.freeze({ column, ...Object.fromEntries(given.map(([side, value]) => [side, type.accept(value)])) });
}
