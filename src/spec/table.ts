import type { ColumnType, In, Out } from "./column-type.ts";
import { SpecError } from "./error.ts";

export type Columns = Readonly<Record<string, ColumnType>>;
export type Order = "asc" | "desc";

/** A Cassandra table as nearkey knows it. Type parameters: name, columns, partition, clustering and static column names. */
export interface Table<
  N extends string = string,
  C extends Columns = Columns,
  P extends string = string,
  K extends string = string,
  S extends string = string,
> {
  readonly name: N;
  readonly columns: C;
  readonly partition: readonly P[];
  readonly clustering: readonly { readonly column: K; readonly order: Order }[];
  readonly static: readonly S[];
  /** True where the regular columns are counters: such a table takes increments and nothing else. */
  readonly counter: boolean;
  /** `never`: no cell of this table expires, so lists of bare keys and counts may be cached. */
  readonly ttl: TtlUse;
}

/** Whether cells of a table may carry a Cassandra TTL. With `may`, reads ask for the remaining TTL and what cannot be asked is not cached. */
export type TtlUse = "never" | "may";

/** The columns of a table with their types. */
export type ColumnsOf<T> = T extends Table<string, infer C, string, string, string> ? C : never;
/** The names of the primary-key columns. */
export type KeyColumnsOf<T> = T extends Table<string, infer _C, infer P, infer K, string> ? P | K : never;
export type PartitionColumnsOf<T> = T extends Table<string, infer _C, infer P, string, string> ? P : never;
export type ClusteringColumnsOf<T> = T extends Table<string, infer _C, string, infer K, string> ? K : never;
export type StaticColumnsOf<T> = T extends Table<string, infer _C, string, string, infer S> ? S : never;

/** The shape of a table's rows: key columns are never null, every other column may be. */
export type Row<T> =
  T extends Table<string, infer C, infer P, infer K, string>
    ? { readonly [c in keyof C]: c extends P | K ? Out<C[c]> : Out<C[c]> | null }
    : never;

/** The primary key of a table, as a caller may write it. */
export type PrimaryKey<T> =
  T extends Table<string, infer C, infer P, infer K, string> ? { readonly [c in P | K]: In<C[c]> } : never;

/** The partition key of a table, as a caller may write it. */
export type PartitionKey<T> =
  T extends Table<string, infer C, infer P, string, string> ? { readonly [c in P]: In<C[c]> } : never;

interface TableOptions<P extends string, K extends string, S extends string> {
  readonly partition: readonly [P, ...P[]];
  /** In the order of the primary key. */
  readonly clustering?: { readonly [k in K]: Order };
  readonly static?: readonly S[];
  readonly ttl?: TtlUse;
}

/**
 * Declares a Cassandra table: its columns, its primary key, and what nearkey must know to cache it. Throws `SpecError`.
 *
 * @example
 * const friendships = table("friendships", { user_id: int, friend_id: int, since: timestamp },
 *   { partition: ["user_id"], clustering: { friend_id: "asc" } });
 */
export function table<
  const N extends string,
  C extends Columns,
  const P extends keyof C & string,
  const K extends keyof C & string = never,
  const S extends Exclude<keyof C & string, P | K> = never,
>(name: N, columns: C, options: TableOptions<P, K, S>): Table<N, C, P, K, S> {
  const orders = options.clustering;
  const clustering = orders ? namesOf(orders).map((column) => Object.freeze({ column, order: orders[column] })) : [];
  const declared: Table<N, C, P, K, S> = {
    name,
    columns: Object.freeze({ ...columns }),
    partition: Object.freeze([...options.partition]),
    clustering: Object.freeze(clustering),
    static: Object.freeze([...(options.static ?? [])]),
    counter: Object.values(columns).some(isCounter),
    ttl: options.ttl ?? "may",
  };
  checkTable(declared);
  return Object.freeze(declared);
}

/** The keys of an object literal, with their types: sound because `table` is given a literal with no other keys. */
const namesOf = <K extends string>(of: { readonly [k in K]: unknown }): readonly K[] => Object.keys(of) as K[];

const isCounter = (type: ColumnType): boolean => type.cql === "counter";

/** The type of a column, or undefined where the table has none of this name; safe for names from outside. */
export function columnOf(of: Table, column: string): ColumnType | undefined {
  return Object.hasOwn(of.columns, column) ? of.columns[column] : undefined;
}

/** Everything about a column that matters to a read or a write, in words: `int, clustering 1 desc`. */
export function describeColumn(of: Table, column: string): string {
  const type = columnOf(of, column);
  if (type === undefined) return "no column";
  const inPartition = of.partition.indexOf(column);
  if (inPartition >= 0) return `${type.cql}, partition ${inPartition + 1}`;
  const inClustering = of.clustering.findIndex((c) => c.column === column);
  if (inClustering >= 0) return `${type.cql}, clustering ${inClustering + 1} ${of.clustering[inClustering]?.order}`;
  return of.static.includes(column) ? `${type.cql}, static` : type.cql;
}

/** The primary-key columns in key order: partition first. */
export function primaryKeyOf(of: Table): readonly string[] {
  return [...of.partition, ...of.clustering.map((c) => c.column)];
}

/** The columns that are neither key nor static. */
export function regularColumnsOf(of: Table): readonly string[] {
  const others = new Set([...primaryKeyOf(of), ...of.static]);
  return Object.keys(of.columns).filter((column) => !others.has(column));
}

type Refuse = (what: string, remedy: string) => never;

const NAME = /^[a-z][a-z0-9_]{0,47}$/;

/** Whether a table or column of this name can be declared. */
export const isName = (name: string): boolean => NAME.test(name);

function checkTable(of: Table): void {
  const refuse: Refuse = (what, remedy) => {
    throw new SpecError(`table ${of.name}: ${what}`, remedy);
  };
  for (const name of [of.name, ...Object.keys(of.columns)]) {
    if (!isName(name))
      refuse(`the name "${name}"`, "Use lower case letters, digits and _, at most 48, beginning with a letter");
  }
  if (of.partition.length === 0) refuse("no partition column", "Name at least one");
  const keys = primaryKeyOf(of);
  const named = [...keys, ...of.static];
  for (const column of named) {
    if (columnOf(of, column) === undefined)
      refuse(`no column ${column}`, "Declare every key and static column with its type");
  }
  if (new Set(named).size !== named.length) {
    refuse("a column stands twice in its key", "A column is partition, clustering or static, once");
  }
  if (of.static.length > 0 && of.clustering.length === 0) {
    refuse(`static ${of.static.join(", ")} without clustering`, "One row to a partition needs no static columns");
  }
  checkKeyTypes(of, keys, refuse);
  checkClustering(of, refuse);
  checkCounters(of, keys, refuse);
}

function checkKeyTypes(of: Table, keys: readonly string[], refuse: Refuse): void {
  for (const column of keys) {
    if (of.columns[column]?.keyText === undefined) {
      refuse(
        `column ${column} of type ${of.columns[column]?.cql} is in the key`,
        "Only scalar types can be cached by key",
      );
    }
  }
}

/** Cassandra takes the clustering values 1.1 and 1.10 for one row, and keys would take them for two: a write of one would leave the other stale. */
function checkClustering(of: Table, refuse: Refuse): void {
  for (const { column } of of.clustering) {
    if (of.columns[column]?.cql === "decimal") {
      refuse(
        `clustering column ${column} is a decimal`,
        "Cluster by a varint of the smallest unit, or keep it out of the key",
      );
    }
  }
}

function checkCounters(of: Table, keys: readonly string[], refuse: Refuse): void {
  if (!of.counter) return;
  const others = Object.keys(of.columns).filter(
    (column) => !keys.includes(column) && of.columns[column]?.cql !== "counter",
  );
  if (others.length > 0)
    refuse(
      `counters stand beside ${others.join(", ")}`,
      "A counter table holds its key and counters only, as Cassandra demands",
    );
}
