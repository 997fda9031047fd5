import { types } from "cassandra-driver";
import type { ColumnType } from "../../spec/column-type.ts";
import { NearkeyError, ValueError } from "../../spec/error.ts";
import { keyOf } from "../../spec/types/map.ts";
import { scalarCodec } from "./codec-scalars.ts";

/**
 * The `encoding` that a Cassandra client must be created with. Without `map` the driver reads a map into a plain object,
 * where blobs, timestamps and booleans lose what they were as keys, and writes a Map as an empty one.
 */
export const driverEncoding = Object.freeze({ map: Map, useBigIntAsLong: false, useBigIntAsVarint: false });

/** A map met a Cassandra client that was created without `driverEncoding`. */
export class ClientEncodingError extends NearkeyError {
  readonly code = "E_CLIENT_ENCODING";

  constructor() {
    super("the Cassandra client cannot read or write maps", "Create the Client with { encoding: driverEncoding }");
  }
}

/** The driver makes null of an empty list, and fails where that list is inside another. Buffers it sends as they are. */
const EMPTY_COLLECTION = Buffer.alloc(4);

/**
 * The parameter to bind for a value: what the driver encodes exactly, with `prepare: true`. Takes a canonical value or
 * anything else the type accepts; null stays null. Throws `ValueError`.
 *
 * @example
 * client.execute("UPDATE t SET n = ? WHERE id = ?", [toDriver(bigint, "9007199254740993"), toDriver(int, 42)], { prepare: true });
 */
export function toDriver(type: ColumnType, canonical: unknown): unknown {
  return canonical === null ? null : bind(type, type.accept(canonical));
}

/**
 * The canonical value, frozen, of what the driver decoded from a column of this type; null where there is none.
 * Throws `ValueError` for what the type cannot hold (a timestamp beyond the years of a Date), and `ClientEncodingError`.
 *
 * @example
 * fromDriver(float, 1.100000023841858) // 1.1
 */
export function fromDriver<Out>(type: ColumnType<Out, unknown>, decoded: unknown): Out | null {
  return decoded === null || decoded === undefined ? null : type.accept(read(type, decoded));
}

function bind(type: ColumnType, canonical: unknown): unknown {
  const { shape } = type;
  switch (shape.kind) {
    case "scalar":
      return scalarCodec(shape.name).bind(canonical);
    case "list":
    case "set": {
      const elements = elementsOf(type, canonical);
      return elements.length === 0 ? EMPTY_COLLECTION : elements.map((each) => bind(shape.of, each));
    }
    case "map":
      return bindMap(shape.key, shape.value, fieldsOf(type, canonical));
    case "tuple":
      return types.Tuple.fromArray(shape.of.map((each, i) => bindOrNull(each, elementsOf(type, canonical)[i])));
    case "vector":
      return new types.Vector(elementsOf(type, canonical).map((each) => bind(shape.of, each)));
    case "udt": {
      const fields = fieldsOf(type, canonical);
      return Object.fromEntries(
        Object.entries(shape.fields).map(([field, each]) => [field, bindOrNull(each, fields[field])]),
      );
    }
  }
}

const bindOrNull = (type: ColumnType, canonical: unknown): unknown =>
  canonical === null || canonical === undefined ? null : bind(type, canonical);

function bindMap(key: ColumnType, value: ColumnType, canonical: Readonly<Record<string, unknown>>): unknown {
  const { keyText } = key;
  if (keyText === undefined) throw new ValueError(`map<${key.cql}, ${value.cql}>`, canonical, "a scalar key type");
  const entries = Object.entries(canonical);
  const map = new Map(entries.map(([text, each]) => [bind(key, keyOf({ ...key, keyText }, text)), bind(value, each)]));
  // A client without `driverEncoding` looks for fields instead of entries. Let it find one, or it would write an empty map.
  return Object.defineProperty(map, "entriesOfMap", {
    enumerable: true,
    get() {
      throw new ClientEncodingError();
    },
  });
}

function read(type: ColumnType<unknown, unknown>, decoded: unknown): unknown {
  const { shape } = type;
  switch (shape.kind) {
    case "scalar":
      return scalarCodec(shape.name).read(decoded);
    case "list":
    case "set":
      return Array.from(iterableOf(type, decoded), (each) => read(shape.of, each));
    case "map":
      if (!(decoded instanceof Map)) throw new ClientEncodingError();
      return new Map(Array.from(decoded, ([key, value]) => [read(shape.key, key), read(shape.value, value)]));
    case "tuple": {
      if (!(decoded instanceof types.Tuple)) throw new ValueError(type.cql, decoded, "a tuple of the driver");
      return shape.of.map((each, i) => readOrNull(each, decoded.get(i)));
    }
    case "vector":
      return Array.from(iterableOf(type, decoded), (each) => read(shape.of, each));
    case "udt": {
      const fields = fieldsOf(type, decoded);
      return Object.fromEntries(
        Object.entries(shape.fields).map(([field, each]) => [field, readOrNull(each, fields[field])]),
      );
    }
  }
}

const readOrNull = (type: ColumnType, decoded: unknown): unknown =>
  decoded === null || decoded === undefined ? null : read(type, decoded);

function elementsOf(type: ColumnType, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ValueError(type.cql, value, "an array");
  return value;
}

function iterableOf(type: ColumnType, value: unknown): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set || value instanceof types.Vector) return value;
  throw new ValueError(type.cql, value, "a list, set or vector of the driver");
}

function fieldsOf(type: ColumnType, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new ValueError(type.cql, value, "an object");
  return Object.assign(Object.create(null), value); // without prototype: `constructor` is a field only where there is one
}
