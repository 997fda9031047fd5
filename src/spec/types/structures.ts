import { z } from "zod";
import type { ColumnType, In, Out } from "../column-type.ts";
import { SpecError, ValueError } from "../error.ts";
import { compareElements, frozenArray } from "./collections.ts";
import { checkElement } from "./nesting.ts";
import { plainObject } from "./plain-object.ts";

type Types = readonly ColumnType[];
type Fields = Readonly<Record<string, ColumnType>>;

/** The canonical value of a tuple: an array as long as the tuple, with null for what is missing. */
export type TupleValue<T extends Types> = { readonly [i in keyof T]: Out<T[i]> | null };
/** What a caller may pass for a tuple. */
export type TupleInput<T extends Types> = { readonly [i in keyof T]: In<T[i]> | null };

/** The canonical value of a user-defined type: every field, with null for what is missing. */
export type UdtValue<F extends Fields> = { readonly [f in keyof F]: Out<F[f]> | null };
/** What a caller may pass for a user-defined type: a missing field is null. */
export type UdtInput<F extends Fields> = { readonly [f in keyof F]?: In<F[f]> | null };

/** What a caller may pass for a vector. */
export type VectorInput<I> = readonly I[] | (number extends I ? Float32Array : never);

const NAME = /^[a-z][a-z0-9_]{0,47}$/;
/** Cassandra's own limit on the dimensions of a vector. */
const MAX_DIMENSIONS = 8192;

/**
 * CQL `frozen<tuple<...>>`: a frozen array of the tuple's length; a component may be null. Throws `SpecError`.
 *
 * @example
 * tuple(int, text).accept([42, null]) // [42, null]
 */
export function tuple<const T extends readonly [ColumnType, ...ColumnType[]]>(
  ...of: T
): ColumnType<TupleValue<T>, TupleInput<T>>;
export function tuple(...of: Types): ColumnType<readonly unknown[]> {
  for (const each of of) checkElement(each, "tuple");
  const nullable = of.map((each) => each.json.nullable());
  const [first, ...rest] = nullable;
  if (first === undefined) throw new SpecError("a tuple has no component", "Give it at least one type");
  // As Cassandra names it: a tuple is frozen whether one says so or not.
  const cql = `frozen<tuple<${of.map((each) => each.cql).join(", ")}>>`;
  return Object.freeze({
    cql,
    shape: Object.freeze({ kind: "tuple", of }),
    json: z.tuple([first, ...rest]).readonly(),
    accept(value: unknown): readonly unknown[] {
      if (!Array.isArray(value) || value.length !== of.length)
        throw new ValueError(cql, value, `an array of ${of.length}`);
      return Object.freeze(of.map((each, i) => acceptOrNull(each, value[i])));
    },
    compare: (a: readonly unknown[], b: readonly unknown[]) => compareFields(of, a, b),
  });
}

/**
 * CQL `vector<of, size>`: a frozen array of exactly `size` elements. Takes an array, or a Float32Array where the
 * elements are numbers. Throws `SpecError`.
 *
 * @example
 * vector(float, 3).accept([0.1, 0.2, 0.3]) // [0.1, 0.2, 0.3]
 */
export function vector<O, I>(of: ColumnType<O, I>, size: number): ColumnType<readonly O[], VectorInput<I>> {
  checkElement(of, "vector");
  if (!Number.isInteger(size) || size < 1 || size > MAX_DIMENSIONS) {
    throw new SpecError(`a vector has ${size} dimensions`, `Give a whole number from 1 to ${MAX_DIMENSIONS}`);
  }
  const cql = `vector<${of.cql}, ${size}>`;
  return Object.freeze({
    cql,
    shape: Object.freeze({ kind: "vector", of, size }),
    json: z.array(of.json).length(size).readonly(),
    accept(value: unknown): readonly O[] {
      const isVector = (Array.isArray(value) || value instanceof Float32Array) && value.length === size;
      if (!isVector) throw new ValueError(cql, value, `an array of ${size}`);
      return frozenArray(value, of.accept);
    },
    compare: (a: readonly O[], b: readonly O[]) => compareElements(of, a, b),
  });
}

/**
 * A user-defined type, its fields in the order of CREATE TYPE: a frozen object with every field, null where one is
 * missing. Throws `SpecError`.
 *
 * @example
 * const address = udt("address", { street: text, zip: int });
 * address.accept({ zip: 8000 }) // { street: null, zip: 8000 }
 */
export function udt<const F extends Fields>(name: string, fields: F): ColumnType<UdtValue<F>, UdtInput<F>>;
export function udt(name: string, fields: Fields): ColumnType<Readonly<Record<string, unknown>>> {
  checkUdt(name, fields);
  const names = Object.keys(fields);
  const types = Object.values(fields);
  const valuesOf = (value: Readonly<Record<string, unknown>>): readonly unknown[] => names.map((field) => value[field]);
  return Object.freeze({
    cql: name,
    shape: Object.freeze({ kind: "udt", name, fields: Object.freeze({ ...fields }), frozen: false }),
    json: jsonUdt(fields),
    accept(value: unknown): Readonly<Record<string, unknown>> {
      const given = fieldsOf(name, value, names);
      return Object.freeze(mapFields(fields, (type, field) => acceptOrNull(type, given[field])));
    },
    compare: (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) =>
      compareFields(types, valuesOf(a), valuesOf(b)),
  });
}

const acceptOrNull = (type: ColumnType, value: unknown): unknown =>
  value === null || value === undefined ? null : type.accept(value);

/** Orders field by field, a missing one first, as Cassandra does for tuples and user-defined types. */
function compareFields(types: Types, a: readonly unknown[], b: readonly unknown[]): number {
  for (const [i, type] of types.entries()) {
    const [x, y] = [a[i] ?? null, b[i] ?? null];
    const order = x === null || y === null ? Number(y === null) - Number(x === null) : type.compare(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** Without its prototype, because zod would find in every object a field that is named `constructor`. */
function jsonUdt(fields: Fields): z.ZodType<Readonly<Record<string, unknown>>> {
  const object = z.strictObject(mapFields(fields, (type) => type.json.nullable().default(null)));
  return z.preprocess((value) => plainObject(value) ?? value, object.readonly());
}

function mapFields<V>(fields: Fields, make: (type: ColumnType, field: string) => V): Record<string, V> {
  return Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, make(type, field)]));
}

function fieldsOf(name: string, value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const given = plainObject(value);
  if (given === undefined || Object.keys(given).some((field) => !names.includes(field))) {
    throw new ValueError(name, value, `an object with no other fields than ${names.join(", ")}`);
  }
  return given;
}

function checkUdt(name: string, fields: Fields): void {
  for (const each of [name, ...Object.keys(fields)]) {
    if (!NAME.test(each)) {
      throw new SpecError(
        `type ${name}: the name "${each}"`,
        "Use lower case letters, digits and _, at most 48, beginning with a letter",
      );
    }
  }
  if (Object.keys(fields).length === 0) throw new SpecError(`type ${name}: no field`, "Name at least one");
  for (const [field, { shape }] of Object.entries(fields)) {
    if (shape.kind === "scalar" && shape.name === "counter") {
      throw new SpecError(`type ${name}: the field ${field} is a counter`, "A counter is always a column of its own");
    }
  }
}
