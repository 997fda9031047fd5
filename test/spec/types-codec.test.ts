import cassandra from "cassandra-driver";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClientEncodingError, driverEncoding, fromDriver, toDriver } from "../../src/adapters/cassandra/codec.ts";
import type { ColumnType } from "../../src/spec/column-type.ts";
import { ValueError } from "../../src/spec/error.ts";
import * as t from "../../src/spec/types/index.ts";
import { columnType, inputOf, keyType, scalarType } from "./type-arbitraries.ts";

const { types } = cassandra;

interface Encoder {
  encode(value: unknown, type: unknown): Buffer | null;
  decode(bytes: Buffer | null, type: unknown): unknown;
}

/** The driver's encoder is public, but missing in its declarations. */
function encoderWith(encoding: object): Encoder {
  const made: Encoder = Reflect.construct(Reflect.get(cassandra, "Encoder"), [4, { encoding }]);
  return made;
}

const encoder = encoderWith(driverEncoding);

/** A type as the driver describes it after prepare(). */
function driverType(type: ColumnType): unknown {
  const { shape } = type;
  const { dataTypes } = types;
  switch (shape.kind) {
    case "scalar":
      return { code: Reflect.get(dataTypes, shape.name), info: null };
    case "list":
    case "set":
      return { code: dataTypes[shape.kind], info: driverType(shape.of) };
    case "map":
      return { code: dataTypes.map, info: [driverType(shape.key), driverType(shape.value)] };
    case "tuple":
      return { code: dataTypes.tuple, info: shape.of.map(driverType) };
    case "vector":
      return { code: dataTypes.custom, customTypeName: "vector", info: [driverType(shape.of), shape.size] };
    case "udt": {
      const fields = Object.entries(shape.fields).map(([name, each]) => ({ name, type: driverType(each) }));
      return { code: dataTypes.udt, info: { keyspace: "k", name: shape.name, fields } };
    }
  }
}

function throughDriver(type: ColumnType, value: unknown, by: Encoder = encoder): unknown {
  const column = driverType(type);
  return fromDriver(type, by.decode(by.encode(toDriver(type, value), column), column));
}

describe("a value that goes through the driver's encoder and back", () => {
  test("is the canonical value it was, whatever its type", () => {
    const typed = fc.oneof(scalarType, columnType(2)).chain((type) => fc.tuple(fc.constant(type), inputOf(type)));
    fc.assert(
      fc.property(typed, ([type, input]) => {
        expect(throughDriver(type, input)).toEqual(type.accept(input));
      }),
      { numRuns: 2000 },
    );
  });

  test("has the key text it was written with", () => {
    const typed = keyType.chain((type) => fc.tuple(fc.constant(type), inputOf(type)));
    fc.assert(
      fc.property(typed, ([type, input]) => {
        expect(type.keyText.write(throughDriver(type, input))).toBe(type.keyText.write(input));
      }),
    );
  });

  test("is null where it was null, and stays so inside tuples and user-defined types", () => {
    expect(toDriver(t.int, null)).toBeNull();
    expect(fromDriver(t.int, null)).toBeNull();
    expect(throughDriver(t.tuple(t.int, t.text), [null, null])).toEqual([null, null]);
    expect(throughDriver(t.udt("address", { street: t.text, zip: t.int }), { zip: 8000 })).toEqual({
      street: null,
      zip: 8000,
    });
  });

  test("is empty where it was empty, at any depth", () => {
    const inner = t.frozen(t.list(t.int));
    for (const type of [t.list(inner), t.set(inner), t.map(t.text, inner), t.tuple(inner, inner), t.vector(inner, 2)]) {
      const empty = type.shape.kind === "map" ? { a: [] } : [[], []];
      expect(throughDriver(type, empty)).toEqual(type.accept(empty));
    }
    expect(throughDriver(inner, [])).toEqual([]);
    expect(throughDriver(t.map(t.int, t.int), {})).toEqual({});
  });

  test("keeps map keys that the driver would merge or change when it makes plain objects", () => {
    const cases: readonly (readonly [t.KeyType, readonly unknown[]])[] = [
      [t.boolean, [true, false]],
      [t.blob, [new Uint8Array([255]), new Uint8Array([254])]],
      [t.double, [0, Infinity, Number.NaN]],
      [t.timestamp, [new Date(1), new Date(2)]],
      [t.text, ["__proto__", "constructor", "hasOwnProperty"]],
    ];
    for (const [key, keys] of cases) {
      const type = t.map(key, t.int);
      const value = type.accept(new Map(keys.map((each, i) => [each, i])));
      expect(throughDriver(type, value)).toEqual(value);
      expect(Object.keys(value)).toHaveLength(keys.length);
    }
  });
});

describe("the codec", () => {
  test("does not use the driver's texts, which print different values alike", () => {
    expect(fromDriver(t.decimal, encoder.decode(Buffer.from("fffffffe05", "hex"), driverType(t.decimal)))).toBe("5E+2");
    expect(fromDriver(t.duration, new types.Duration(23, 0, 0))).toBe("1y11mo");
    const [a, b] = ["1:0:0:2:0:0:3:4", "1:0:0:2:0:0:5:4"].map((text) => types.InetAddress.fromString(text));
    expect(String(a)).toBe(String(b));
    expect(fromDriver(t.inet, a)).not.toBe(fromDriver(t.inet, b));
  });

  test("gives a float as the shortest decimal, not as the double that the driver widened it to", () => {
    expect(fromDriver(t.float, Math.fround(1.1))).toBe(1.1);
  });

  test("refuses a client that would write a map as an empty one, or read it as an object", () => {
    const misconfigured = encoderWith({});
    const type = t.map(t.text, t.int);
    expect(() => misconfigured.encode(toDriver(type, { a: 1 }), driverType(type))).toThrow(ClientEncodingError);
    expect(() => fromDriver(type, { a: 1 })).toThrow(ClientEncodingError);
  });

  test("reads the bigints of a client that decodes to them", () => {
    expect(fromDriver(t.bigint, 9007199254740993n)).toBe("9007199254740993");
    expect(fromDriver(t.varint, -5n)).toBe("-5");
  });

  test("refuses what it cannot know: a timestamp beyond the years of a Date, a value of another type", () => {
    const far = Buffer.from("7fffffffffffffff", "hex");
    expect(() => fromDriver(t.timestamp, encoder.decode(far, driverType(t.timestamp)))).toThrow(ValueError);
    expect(() => fromDriver(t.int, "42")).toThrow(ValueError);
    expect(() => fromDriver(t.list(t.int), 42)).toThrow(ValueError);
    expect(() => fromDriver(t.tuple(t.int), [42])).toThrow(ValueError);
    expect(() => toDriver(t.int, "42")).toThrow(ValueError);
  });
});
