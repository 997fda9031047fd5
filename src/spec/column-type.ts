import type { z } from "zod";

/**
 * What nearkey knows about one Cassandra type: its JSON form, its order, and its text inside a key.
 *
 * One value has one form everywhere. Rows in the cache, documents, HTTP bodies and key parameters hold the *canonical
 * JSON value* (`Out`): immutable, and equal for equal cells. What a caller may pass in (`In`) is wider where JavaScript has a natural
 * value for the type, e.g. a `Date` for a timestamp, a `bigint` for a bigint, a `Uint8Array` for a blob.
 */
export interface ColumnType<Out = unknown, In = Out> {
  /** As CQL writes it, e.g. `int`, `frozen<list<text>>`. */
  readonly cql: string;
  readonly shape: TypeShape;
  /** The JSON form, strictly: what an HTTP body may hold. Convertible by `z.toJSONSchema`. */
  readonly json: z.ZodType<Out>;
  /** Turns what a caller passed into the canonical value. Throws `ValueError`. Never coerces between kinds (`"42"` is not an int). */
  accept(value: unknown): Out;
  /** Orders two canonical values as Cassandra's comparator for this type does: negative, zero, positive. */
  compare(a: Out, b: Out): number;
  /** Present on types that may stand in a key. */
  readonly keyText?: KeyText<Out>;
  /** Type-level only. */
  readonly $in?: In;
}

/** How a scalar is written inside a key. Injective: two values share a text only if they are the same Cassandra value. */
export interface KeyText<Out = unknown> {
  /** The canonical text of what a caller passed, escaped: letters, digits and `-.:~+@%` only, so never `_`, `/` or `,`. Throws `ValueError`. */
  write(value: unknown): string;
  /** The value a text stands for, or undefined if it is not the canonical text of any value. `parse(write(v))` equals `accept(v)`. */
  parse(text: string): Out | undefined;
  /** Texts that together meet every other type's language that this type meets: used to find a key that two templates share. */
  readonly witnesses: readonly string[];
}

/** The structure of a type, for codecs that must walk values. */
export type TypeShape =
  | { readonly kind: "scalar"; readonly name: ScalarName }
  | { readonly kind: "list" | "set"; readonly of: ColumnType; readonly frozen: boolean }
  | { readonly kind: "map"; readonly key: ColumnType; readonly value: ColumnType; readonly frozen: boolean }
  | { readonly kind: "tuple"; readonly of: readonly ColumnType[] }
  | { readonly kind: "vector"; readonly of: ColumnType; readonly size: number }
  | {
      readonly kind: "udt";
      readonly name: string;
      readonly fields: Readonly<Record<string, ColumnType>>;
      readonly frozen: boolean;
    };

export type ScalarName =
  | "ascii"
  | "bigint"
  | "blob"
  | "boolean"
  | "counter"
  | "date"
  | "decimal"
  | "double"
  | "duration"
  | "float"
  | "inet"
  | "int"
  | "smallint"
  | "text"
  | "time"
  | "timestamp"
  | "timeuuid"
  | "tinyint"
  | "uuid"
  | "varint";

/** The canonical JSON value of a column type. */
export type Out<T> = T extends ColumnType<infer O, infer _In> ? O : never;
/** What a caller may pass for a column type. */
export type In<T> = T extends ColumnType<infer _O, infer I> ? I : never;
