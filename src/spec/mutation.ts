import type { In } from "./column-type.ts";
import { show } from "./error.ts";
import { MutationError } from "./mutation-error.ts";
import {
  acceptAll,
  conditionOf,
  exactKey,
  type GivenCondition,
  keyOf,
  rangeOf,
  refuseCounters,
  ttlOf,
  updateKey,
} from "./mutation-values.ts";
import type {
  ClusteringColumnsOf,
  ColumnsOf,
  KeyColumnsOf,
  PartitionKey,
  PrimaryKey,
  StaticColumnsOf,
  Table,
} from "./table.ts";
import { primaryKeyOf } from "./table.ts";

export { MutationError } from "./mutation-error.ts";

/** Canonical values by column. */
export type Values = Readonly<Record<string, unknown>>;

/** A write, checked and canonical, not yet done. Made by `insert`, `update`, ... and given to a writer. */
export type Mutation =
  | {
      readonly op: "insert";
      readonly table: Table;
      readonly key: Values;
      readonly set: Values;
      readonly condition?: Condition;
      readonly ttlSeconds?: number;
    }
  /** `key` is the primary key, or the partition alone where only static columns are set. A null deletes the cell. */
  | {
      readonly op: "update";
      readonly table: Table;
      readonly key: Values;
      readonly set: Values;
      readonly condition?: Condition;
      readonly ttlSeconds?: number;
    }
  | { readonly op: "delete"; readonly table: Table; readonly key: Values; readonly condition?: Condition }
  | { readonly op: "increment"; readonly table: Table; readonly key: Values; readonly by: Values }
  | { readonly op: "deletePartition"; readonly table: Table; readonly key: Values }
  /** `key` is the partition and any leading clustering columns; `range` bounds the next one. */
  | { readonly op: "deleteRange"; readonly table: Table; readonly key: Values; readonly range: Range }
  | { readonly op: "truncate"; readonly table: Table };

export type MutationOp = Mutation["op"];

/** What must hold for a conditional write (a Cassandra lightweight transaction) to apply. */
export type Condition =
  | { readonly kind: "exists" | "notExists" }
  | { readonly kind: "equals"; readonly values: Values };

/** Bounds on one clustering column, canonical. */
export interface Range {
  readonly column: string;
  readonly gt?: unknown;
  readonly gte?: unknown;
  readonly lt?: unknown;
  readonly lte?: unknown;
}

/** The columns outside the key; of a table known only as `Table`, any. */
type OtherColumns<T> = string extends KeyColumnsOf<T> ? string : Exclude<keyof ColumnsOf<T>, KeyColumnsOf<T>>;
type Nullable<T, Names> = {
  readonly [c in keyof ColumnsOf<T> as c extends Names ? c : never]?: In<ColumnsOf<T>[c]> | null;
};
/** The same where nothing else is written beside: an empty object type would take any object. */
type SetOf<T, Names> = [Names] extends [never]
  ? Readonly<Record<string, "this table has no such column">>
  : Nullable<T, Names>;
/** Counters, and what cannot be told from one by its type: a column that takes a bigint. */
type CounterColumns<T> = {
  [c in OtherColumns<T>]: bigint extends In<ColumnsOf<T>[c]>
    ? "counter" extends ColumnsOf<T>[c]["cql"]
      ? c
      : never
    : never;
}[OtherColumns<T>];
type Amounts<T> = [CounterColumns<T>] extends [never]
  ? Readonly<Record<string, "this table has no counters: use update">>
  : { readonly [c in CounterColumns<T>]?: In<ColumnsOf<T>[c]> };
type Bounds<T> = {
  readonly [side in "gt" | "gte" | "lt" | "lte"]?: In<ColumnsOf<T>[ClusteringColumnsOf<T> & keyof ColumnsOf<T>]>;
};
/** The condition of an update or delete: that the row exists, or that columns hold these values. */
export type If<T> = { readonly ifExists?: true; readonly if?: SetOf<T, OtherColumns<T>> };

/**
 * Writes a row, replacing the columns named. With `ifNotExists`, only where there is none. Throws `MutationError`, `ValueError`.
 *
 * @example
 * insert(friendships, { user_id: 42, friend_id: 7, since: new Date() })
 */
export function insert<const T extends Table>(
  table: T,
  values: PrimaryKey<T> & Nullable<T, OtherColumns<T>>,
  options: { readonly ifNotExists?: true; readonly ttlSeconds?: number } = {},
): Mutation {
  refuseCounters(table, "insert");
  const given: Values = values;
  const columns = primaryKeyOf(table);
  const others = Object.fromEntries(Object.entries(given).filter(([column]) => !columns.includes(column)));
  return mutation({
    op: "insert",
    table,
    key: keyOf(table, given, columns),
    set: acceptAll(table, others),
    ...(options.ifNotExists && { condition: { kind: "notExists" } as const }),
    ...ttlOf(table, options.ttlSeconds),
  });
}

/**
 * Writes static columns of a partition by its partition key, or columns of one row; a null deletes the cell.
 * Throws `MutationError`, `ValueError`.
 *
 * @example
 * update(users, { id: 42 }, { name: "Ada" }, { ifExists: true })
 */
export function update<const T extends Table>(
  table: T,
  partition: PartitionKey<T>,
  set: SetOf<T, StaticColumnsOf<T>>,
  options?: If<T> & { readonly ttlSeconds?: number },
): Mutation;
export function update<const T extends Table>(
  table: T,
  key: PrimaryKey<T>,
  set: SetOf<T, OtherColumns<T>>,
  options?: If<T> & { readonly ttlSeconds?: number },
): Mutation;
export function update(
  table: Table,
  key: Values,
  set: Values,
  options: GivenCondition & { readonly ttlSeconds?: number } = {},
): Mutation {
  refuseCounters(table, "update");
  const values = acceptAll(table, set);
  const condition = conditionOf(table, options);
  return mutation({
    op: "update",
    table,
    key: updateKey(table, key, values, condition),
    set: values,
    ...(condition && { condition }),
    ...ttlOf(table, options.ttlSeconds),
  });
}

/**
 * Deletes one row. Throws `MutationError`, `ValueError`.
 *
 * @example
 * remove(friendships, { user_id: 42, friend_id: 7 })
 */
export function remove<const T extends Table>(table: T, key: PrimaryKey<T>, options: If<T> = {}): Mutation {
  const condition = conditionOf(table, options);
  return mutation({
    op: "delete",
    table,
    key: exactKey(table, key, primaryKeyOf(table)),
    ...(condition && { condition }),
  });
}

/**
 * Adds to the counters of one row; negative amounts subtract. Not safe to retry after an unknown outcome. Throws
 * `MutationError`, `ValueError`.
 *
 * @example
 * increment(postLikes, { post_id: id }, { likes: 1 })
 */
export function increment<const T extends Table>(table: T, key: PrimaryKey<T>, by: Amounts<T>): Mutation {
  if (!table.counter) throw new MutationError(`${table.name} has no counters`, "Use update");
  const amounts = acceptAll(table, by);
  if (Object.keys(amounts).length === 0 || Object.values(amounts).includes(null)) {
    throw new MutationError(`increment of ${table.name} by ${show(by)}`, "Give a whole number for each counter named");
  }
  return mutation({ op: "increment", table, key: updateKey(table, key, amounts), by: amounts });
}

/**
 * Deletes a partition: all its rows and its static columns. Throws `MutationError`, `ValueError`.
 *
 * @example
 * removePartition(friendships, { user_id: 42 })
 */
export function removePartition<const T extends Table>(table: T, key: PartitionKey<T>): Mutation {
  return mutation({ op: "deletePartition", table, key: exactKey(table, key, table.partition) });
}

/**
 * Deletes the rows of a partition whose clustering columns begin with `prefix` and whose next one lies in `range`.
 * Throws `MutationError`, `ValueError`.
 *
 * @example
 * removeRange(messages, { room: "tea", bucket: "2026-11-21" }, { lt: new Date("2026-11-21T12:00Z") })
 */
export function removeRange<const T extends Table>(
  table: T,
  prefix: PartitionKey<T> & {
    readonly [c in ClusteringColumnsOf<T>]?: In<ColumnsOf<T>[c & keyof ColumnsOf<T>]>;
  },
  range: Bounds<T> = {},
): Mutation {
  const given: Values = prefix;
  const clustering = table.clustering.map((c) => c.column);
  const fixed = clustering.filter((column) => given[column] !== undefined);
  const column = clustering[fixed.length];
  if (column === undefined || fixed.some((name, i) => name !== clustering[i])) {
    throw new MutationError(
      `range of ${table.name} fixes ${fixed.join(", ")}`,
      "Fix leading clustering columns in order, and leave one for the range",
    );
  }
  if (fixed.length === 0 && Object.keys(range).length === 0) {
    throw new MutationError(`range of ${table.name} without bounds`, "Give a bound, or use removePartition");
  }
  return mutation({
    op: "deleteRange",
    table,
    key: exactKey(table, given, [...table.partition, ...fixed]),
    range: rangeOf(table, column, range),
  });
}

/** Deletes every row of a table. Touches the whole table. */
export function truncate(table: Table): Mutation {
  return mutation({ op: "truncate", table });
}

const mutation = (of: Mutation): Mutation => Object.freeze(of);
