import type { ColumnType } from "./column-type.ts";
import type { KeyOptions } from "./key-options.ts";
import type { Table } from "./table.ts";
import type { Template } from "./template.ts";

/** Which column is filled by which parameter: `{ user_id: "id" }`. */
export type Binding = Readonly<Record<string, string>>;

/** A table whose writes make a key stale, and how to find the key from the row written. */
export interface Source {
  readonly table: Table;
  readonly bind: Binding;
}

/** What a view reads through: each key it reads, it depends on. */
export interface Read {
  <V, A>(of: Key<V, A>, params: NoInfer<A>): Promise<V>;
  /** Reads many keys of one kind in one round, in the order asked. */
  many<V, A>(of: Key<V, A>, params: readonly NoInfer<A>[]): Promise<readonly V[]>;
}

/** How a key's value is read. */
export type Reading =
  | { readonly kind: "row"; readonly source: Source }
  | { readonly kind: "rows"; readonly source: Source; readonly first: number | undefined }
  | { readonly kind: "count"; readonly source: Source }
  | { readonly kind: "view"; readonly load: ViewLoad };

export type ViewLoad = (params: Readonly<Record<string, unknown>>, read: Read) => Promise<unknown>;

/** A declared key: what it is called, what it reads, and what makes it stale. `V` is its value, `A` its parameters. */
export interface Key<V, A> {
  readonly template: Template;
  readonly params: Readonly<Record<string, ColumnType>>;
  readonly reading: Reading;
  /** Every table whose writes touch this key directly. A view also depends on the keys it reads, found as it reads. */
  readonly sources: readonly Source[];
  readonly options: KeyOptions;
  /** The HTTP path, e.g. `/users/:id/friends`. */
  readonly httpPath: string;
  /** The same key served under another path; it must name each parameter once. */
  path(httpPath: string): Key<V, A>;
  /** The key's text: `users_42`. Throws `ValueError`, `KeyTooLongError`. */
  text(params: A): string;
  /** Type-level only. */
  readonly $value?: V;
}

/** A list of rows, which may be cut to its first n in clustering order. */
export interface RowsKey<V, A> extends Key<readonly V[], A> {
  path(httpPath: string): RowsKey<V, A>;
  /** Only the first `n` rows in clustering order. */
  first(n: number): Key<readonly V[], A>;
}

export type AnyKey = Key<unknown, Readonly<Record<string, unknown>>>;

/** What a key's value is: `ValueOf<typeof keys.user>`. */
export type ValueOf<K> = K extends Key<infer V, infer _A> ? V : never;

/** What a key is read by: `ParamsOf<typeof keys.user>` is `{ readonly id: number }`. */
export type ParamsOf<K> = K extends Key<infer _V, infer A> ? A : never;
