import fc from "fast-check";
import type { ColumnType, ScalarName } from "../../src/spec/column-type.ts";
import { dateOfDays } from "../../src/spec/types/dates.ts";
import { decimalText } from "../../src/spec/types/decimal.ts";
import { durationText } from "../../src/spec/types/duration.ts";
import * as t from "../../src/spec/types/index.ts";
import { inetText } from "../../src/spec/types/inet.ts";
import { timeOfNanoseconds } from "../../src/spec/types/times.ts";

/** Every scalar type that may stand in a key. */
export const keyTypes: readonly t.KeyType[] = [
  t.ascii,
  t.bigint,
  t.blob,
  t.boolean,
  t.date,
  t.decimal,
  t.double,
  t.float,
  t.inet,
  t.int,
  t.smallint,
  t.text,
  t.time,
  t.timestamp,
  t.timeuuid,
  t.tinyint,
  t.uuid,
  t.varint,
];

/** Every scalar type. */
const scalarTypes: readonly ColumnType[] = [...keyTypes, t.counter, t.duration];

/** The type, printed in a counterexample as its CQL. */
const shown = <T extends ColumnType>(type: T): T => ({ ...type, [fc.toStringMethod]: () => type.cql });

/** Any scalar type that may stand in a key. */
export const keyType: fc.Arbitrary<t.KeyType> = fc.constantFrom(...keyTypes.map(shown));

/** Any scalar type. */
export const scalarType: fc.Arbitrary<ColumnType> = fc.constantFrom(...scalarTypes.map(shown));

const wide = (min: bigint, max: bigint): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.bigInt({ min, max }),
    fc.bigInt({ min, max }).map(String),
    fc.constantFrom(min, max, 0n, -1n, 9007199254740993n),
    fc.integer(),
    fc.constantFrom(-0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  );

const int64 = wide(-(2n ** 63n), 2n ** 63n - 1n);

const whole = (bits: number): fc.Arbitrary<number> => {
  const [min, max] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0, -0, 1, -1));
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Any sixteen bytes as a UUID; often a small change of a fixed one, so that every place of the order is reached. */
const uuidText = (version: fc.Arbitrary<number>): fc.Arbitrary<string> => {
  const any = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const near = fc.tuple(fc.nat({ max: 15 }), fc.constantFrom(0, 1, 127, 128, 255)).map(([at, byte]) => {
    const bytes = new Uint8Array(16);
    bytes[at] = byte;
    return bytes;
  });
  return fc.tuple(fc.oneof(any, near), version, fc.boolean()).map(([bytes, v, upper]) => {
    const digits = hex(bytes);
    const cut = [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `${v.toString(16)}${digits.slice(13, 16)}`,
      digits.slice(16, 20),
    ];
    const uuid = [...cut, digits.slice(20)].join("-");
    return upper ? uuid.toUpperCase() : uuid;
  });
};

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    "",
    "é",
    "e\u0301",
    "\0",
    "a_b",
    "%5F",
    "%",
    "\u{1F600}",
    "\uFFFD",
    "\uFF5E",
    "__proto__",
    "0",
    "true",
  ),
);

const bytes = fc.uint8Array({ maxLength: 12 });

const decimalInput = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -12, max: 30 }))
    .map(([unscaled, scale]) => decimalText({ unscaled: String(unscaled), scale })),
  fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 3 })).map(([n, scale]) => n.toFixed(scale)),
  fc.constantFrom("0", "-0.00", "0E+5", "1.1", "1.10", "1e3", "1000", "1E-2147483646", "1E+2147483647", "0.0000001"),
);

const durationInput = fc
  .tuple(
    fc.boolean(),
    fc.nat({ max: 2 ** 31 - 1 }),
    fc.nat({ max: 2 ** 31 - 1 }),
    fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.constantFrom(0n, 90_000_000_000n)),
  )
  .map(([negative, months, days, nanoseconds]) =>
    negative
      ? durationText({ months: -months, days: -days, nanoseconds: -nanoseconds })
      : durationText({ months, days, nanoseconds }),
  );

const group = fc.oneof({ weight: 2, arbitrary: fc.constant([0, 0]) }, fc.tuple(fc.nat(255), fc.nat(255)));
const inetInput = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map(inetText),
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => inetText(Uint8Array.from(groups.flat()))),
  fc.ipV6().filter((address) => !address.includes("%")),
  fc.constantFrom("::", "::1", "::ffff:1.2.3.4", "1.2.3.4", "1:0:0:2:0:0:3:4", "1:0:0:2:0:0:5:4", "FE80::1"),
);

const dateInput = fc
  .oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.integer({ min: -800_000, max: 800_000 }),
    fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0, -1, -719_529, -719_528, -719_163, 2_932_896, 2_932_897),
  )
  .map(dateOfDays);

const timeInput = fc.oneof(
  fc.integer({ min: 0, max: 86_399_999_999_999 }).map(timeOfNanoseconds),
  fc.integer({ min: 0, max: 86_399 }).map((seconds) => timeOfNanoseconds(seconds * 1e9).slice(0, 8)),
);

const timestampInput = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true }),
  fc.constantFrom("2026-11-21T03:43Z", "2026-11-21T04:43:00+01:00", "1969-12-31T23:59:59.9Z", new Date(8.64e15)),
);

const real = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1.1, 5e-324));

/** What a caller may pass for each scalar type. */
const scalarInputs: Readonly<Record<ScalarName, fc.Arbitrary<unknown>>> = {
  ascii: fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("", "\0", "a_b", "\x7f", "%41")),
  bigint: int64,
  blob: fc.oneof(bytes, fc.constantFrom("", "AA==", "AAA=", "/+8=", new Uint8Array([255]))),
  boolean: fc.boolean(),
  counter: int64,
  date: dateInput,
  decimal: decimalInput,
  double: real,
  duration: durationInput,
  float: fc.oneof(
    fc.float(),
    real.filter((n) => !Number.isFinite(n) || Number.isFinite(Math.fround(n))),
  ),
  inet: inetInput,
  int: whole(32),
  smallint: whole(16),
  text,
  time: timeInput,
  timestamp: timestampInput,
  timeuuid: uuidText(fc.constant(1)),
  tinyint: whole(8),
  uuid: uuidText(fc.oneof(fc.constantFrom(1, 4, 7), fc.nat({ max: 15 }))),
  varint: fc.oneof(int64, wide(-(10n ** 60n), 10n ** 60n)),
};

/** What a caller may pass for a type, of any shape: `ValueError` is never thrown for it. */
export function inputOf(type: ColumnType): fc.Arbitrary<unknown> {
  const { shape } = type;
  switch (shape.kind) {
    case "scalar":
      return scalarInputs[shape.name];
    case "list":
      return fc.array(inputOf(shape.of), { maxLength: 4 });
    case "set": {
      const elements = fc.array(inputOf(shape.of), { maxLength: 4 });
      return fc.oneof(
        elements,
        elements.map((each) => new Set(each)),
      );
    }
    case "map": {
      const key = canonicalOf(shape.key).filter((each) => !Object.is(each, -0));
      const entry = fc.tuple(key, inputOf(shape.value));
      const same = (a: unknown, b: unknown): boolean => shape.key.compare(a, b) === 0;
      const entries = fc.uniqueArray(entry, { maxLength: 4, selector: ([key]) => key, comparator: same });
      return entries.map((each) => new Map(each));
    }
    case "tuple":
      return fc.tuple(...shape.of.map((each) => fc.option(inputOf(each))));
    case "vector":
      return fc.array(inputOf(shape.of), { minLength: shape.size, maxLength: shape.size });
    case "udt":
      return fc.record(
        Object.fromEntries(Object.entries(shape.fields).map(([field, each]) => [field, fc.option(inputOf(each))])),
        { requiredKeys: [] },
      );
  }
}

/** Canonical values of a type. */
export const canonicalOf = <Out>(type: ColumnType<Out, unknown>): fc.Arbitrary<Out> =>
  inputOf(type).map((value) => type.accept(value));

/** Any type that Cassandra lets stand inside a collection: scalars, and frozen structures of them up to this depth. */
function innerType(depth: number): fc.Arbitrary<ColumnType> {
  if (depth === 0) return keyType;
  return fc.oneof(
    keyType,
    columnType(depth).map((type) => (type.shape.kind === "scalar" ? type : t.frozen(type))),
  );
}

/** Any type of a column that is no counter, nested up to this depth. */
export function columnType(depth: number): fc.Arbitrary<ColumnType> {
  const inner = innerType(depth - 1);
  return fc
    .oneof(
      scalarType.filter((type) => type.cql !== "counter"),
      inner.map((of): ColumnType => t.list(of)),
      inner.filter((of) => of.cql !== "duration").map((of): ColumnType => t.set(of)),
      fc.tuple(keyType, inner).map(([key, value]): ColumnType => t.map(key, value)),
      fc.tuple(inner, inner).map((of): ColumnType => t.tuple(...of)),
      fc.tuple(inner, fc.integer({ min: 1, max: 4 })).map(([of, size]): ColumnType => t.vector(of, size)),
      fc.tuple(inner, inner).map(([a, b]): ColumnType => t.udt("thing", { a, b, constructor: t.int })),
    )
    .map(shown);
}
