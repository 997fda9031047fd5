import type { ColumnType, In, Out } from "./column-type.ts";
import type { Binding, Key, Read, RowsKey } from "./key.ts";
import type { Columns, ColumnsOf, KeyColumnsOf, PartitionColumnsOf, Row, Table } from "./table.ts";
import type { Params } from "./template.ts";

// A declaration that cannot work is given a sentence as the type it must have: the compiler then shows the remedy.

/** Parameter types through a binding: the parameter has the type of the column it fills. */
export type Bound<C extends Columns, B extends Binding> = {
  readonly [c in keyof B & keyof C & string as B[c]]: In<C[c]>;
};

/** What a binding must be: key columns only, those that the read requires among them, each to a parameter of the template. */
type BoundColumns<T, Names extends string, Required extends string, B> = {
  readonly [c in keyof B]: c extends KeyColumnsOf<T>
    ? B[c] extends Names
      ? B[c]
      : Names
    : `${c & string} is not a key column: bind a key column, or read through a lookup table`;
} & { readonly [c in Required]: Names };

/** Every parameter of the template must be filled by a column. */
type Filled<Names extends string, B> = [Names] extends [B[keyof B]]
  ? unknown
  : `nothing fills {${Exclude<Names, B[keyof B] & string>}}: bind a key column to it`;

type SameNames<T> = { readonly [c in KeyColumnsOf<T>]: c };

/** The table itself where the template names its primary key, each column by its own name. */
type RowTable<T, Names extends string> = [KeyColumnsOf<T>] extends [Names]
  ? [Names] extends [KeyColumnsOf<T>]
    ? T
    : `nothing fills {${Exclude<Names, KeyColumnsOf<T>>}}: name only primary-key columns, or give a binding`
  : `the template lacks {${Exclude<KeyColumnsOf<T>, Names>}}: name every primary-key column, or give a binding`;

type ViewParams = Readonly<Record<string, ColumnType>>;
type ViewInput<A extends ViewParams> = { readonly [k in keyof A]: In<A[k]> };
type ViewOutput<A extends ViewParams> = { readonly [k in keyof A]: Out<A[k]> };

/** The parameters of a view must be those of the template, no more and no fewer. */
type CheckedParams<A, Names extends string> = {
  readonly [k in keyof A]: k extends Names
    ? A[k]
    : `the template does not name {${k & string}}: add it or leave it out`;
} & ([Names] extends [keyof A] ? unknown : `nothing fills {${Exclude<Names, keyof A & string>}}: give its type`);

/** The methods that read a table, and so know what makes the key stale. */
interface TableBuilder<T extends string> {
  /** One row by its primary key; its value is the row, or undefined where there is none. */
  row<const Tb extends Table>(
    table: Tb & RowTable<Tb, Params<T>>,
  ): Key<Row<Tb> | undefined, Bound<ColumnsOf<Tb>, SameNames<Tb>>>;
  row<const Tb extends Table, const B extends Binding>(
    table: Tb,
    bind: BoundColumns<Tb, Params<T>, KeyColumnsOf<Tb>, B> & Filled<Params<T>, B>,
  ): Key<Row<Tb> | undefined, Bound<ColumnsOf<Tb>, B>>;
  /** The rows of a partition, or of a clustering prefix of it. */
  rows<const Tb extends Table, const B extends Binding>(
    table: Tb,
    bind: BoundColumns<Tb, Params<T>, PartitionColumnsOf<Tb>, B> & Filled<Params<T>, B>,
  ): RowsKey<Row<Tb>, Bound<ColumnsOf<Tb>, B>>;
  /** How many rows a partition, or a clustering prefix of it, has. */
  count<const Tb extends Table, const B extends Binding>(
    table: Tb,
    bind: BoundColumns<Tb, Params<T>, PartitionColumnsOf<Tb>, B> & Filled<Params<T>, B>,
  ): Key<number, Bound<ColumnsOf<Tb>, B>>;
  /**
   * Writes to this table make the key stale too: for views over a source that they do not read through keys. Where the
   * binding leaves a parameter open, a write touches the whole partition; where it leaves the partition open, the table.
   */
  staleWhen<const Tb extends Table, const B extends Binding>(
    table: Tb,
    bind: BoundColumns<Tb, Params<T>, never, B>,
  ): ViewableBuilder<T>;
}

/** What `key(template)` gives: say what it reads. */
export interface KeyBuilder<T extends string> extends TableBuilder<T> {
  /** Not yet: a view must say what makes it stale, or how long it may live. */
  readonly view: { readonly remedy: "say staleWhen(table, binding) before view, or give the key a ttlMs" };
}

/** A builder that may declare a view: it has a TTL, or says what makes it stale. */
export interface ViewableBuilder<T extends string> extends TableBuilder<T> {
  /** A value made from other keys. It reads through `read`, so that what it read is known. The value must be JSON. */
  view<const A extends ViewParams = Readonly<Record<never, ColumnType>>, V = unknown>(
    params: CheckedParams<A, Params<T>>,
    load: (params: ViewOutput<A>, read: Read) => Promise<V>,
  ): Key<V, ViewInput<A>>;
}
