import type { ColumnType, ScalarName } from "../../spec/column-type.ts";
import { daysOfDate } from "../../spec/types/dates.ts";
import { decimalParts } from "../../spec/types/decimal.ts";
import { durationParts } from "../../spec/types/duration.ts";
import { inetBytes } from "../../spec/types/inet.ts";
import { keyOf } from "../../spec/types/map.ts";
import { nanosecondsOfTime } from "../../spec/types/times.ts";

/**
 * Orders two canonical values by the bytes Cassandra stores, unsigned. Of two values written with one timestamp the
 * larger stays, in this order and not in the type's own: of the ints 1 and -1 it is -1.
 */
export function compareSerialized(type: ColumnType, a: unknown, b: unknown): number {
  return Object.is(a, b) ? 0 : Buffer.compare(bytesOf(type, a), bytesOf(type, b));
}

function bytesOf(type: ColumnType, value: unknown): Buffer {
  const { shape } = type;
  switch (shape.kind) {
    case "scalar":
      return SCALARS[shape.name](value);
    case "list":
    case "set":
      return counted(
        listOf(value).length,
        listOf(value).map((each) => withLength(bytesOf(shape.of, each))),
      );
    case "map":
      return counted(Object.keys(Object(value)).length, mapEntries(shape.key, shape.value, value));
    case "tuple":
      return Buffer.concat(shape.of.map((each, i) => nullable(each, listOf(value)[i])));
    case "vector":
      // Cassandra leaves out the lengths where they are all alike, which orders two vectors the same.
      return Buffer.concat(listOf(value).map((each) => withLength(bytesOf(shape.of, each))));
    case "udt":
      return Buffer.concat(Object.entries(shape.fields).map(([field, each]) => nullable(each, Object(value)[field])));
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const withLength = (bytes: Buffer): Buffer => Buffer.concat([integer(bytes.length, 4), bytes]);

const counted = (count: number, elements: readonly Buffer[]): Buffer => Buffer.concat([integer(count, 4), ...elements]);

const nullable = (type: ColumnType, value: unknown): Buffer =>
  value === null || value === undefined ? integer(-1, 4) : withLength(bytesOf(type, value));

/** In the order of the keys, which is not that of the object: JavaScript puts names like "7" first. */
function mapEntries(key: ColumnType, value: ColumnType, map: unknown): readonly Buffer[] {
  const { keyText } = key;
  const keyIn = (name: string): unknown => (keyText === undefined ? name : keyOf({ ...key, keyText }, name));
  const entries = Object.entries(Object(map)).map(([name, each]) => ({ key: keyIn(name), value: each }));
  const ordered = entries.sort((a, b) => key.compare(a.key, b.key));
  return ordered.flatMap((each) => [withLength(bytesOf(key, each.key)), withLength(bytesOf(value, each.value))]);
}

const utf8 = (value: unknown): Buffer => Buffer.from(String(value));
const whole = (bytes: number) => (value: unknown) => integer(BigInt(String(value)), bytes);
const uuid = (value: unknown): Buffer => Buffer.from(String(value).replaceAll("-", ""), "hex");

const SCALARS: Readonly<Record<ScalarName, (value: unknown) => Buffer>> = {
  ascii: utf8,
  bigint: whole(8),
  blob: (value) => Buffer.from(String(value), "base64"),
  boolean: (value) => Buffer.from([value === true ? 1 : 0]),
  counter: whole(8),
  date: (value) => integer((daysOfDate(String(value)) ?? 0) + 2 ** 31, 4),
  decimal(value) {
    const { unscaled, scale } = decimalParts(String(value)) ?? { unscaled: "0", scale: 0 };
    return Buffer.concat([integer(scale, 4), varint(BigInt(unscaled))]);
  },
  double(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(Number(value));
    return bytes;
  },
  duration(value) {
    const { months, days, nanoseconds } = durationParts(String(value)) ?? { months: 0, days: 0, nanoseconds: 0n };
    return Buffer.concat([vint(BigInt(months)), vint(BigInt(days)), vint(nanoseconds)]);
  },
  float(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(Number(value));
    return bytes;
  },
  inet: (value) => Buffer.from(inetBytes(String(value)) ?? []),
  int: whole(4),
  smallint: whole(2),
  text: utf8,
  time: (value) => integer(nanosecondsOfTime(String(value)), 8),
  timestamp: (value) => integer(Date.parse(String(value)), 8),
  timeuuid: uuid,
  tinyint: whole(1),
  uuid,
  varint: (value) => varint(BigInt(String(value))),
};

/** Two's complement, highest byte first. */
function integer(value: number | bigint, bytes: number): Buffer {
  const unsigned = BigInt.asUintN(8 * bytes, BigInt(value));
  return Buffer.from(unsigned.toString(16).padStart(2 * bytes, "0"), "hex");
}

/** Two's complement in as few bytes as hold it. */
function varint(value: bigint): Buffer {
  const digits = (value < 0n ? -value - 1n : value).toString(16);
  const bits = 4 * (digits.length - 1) + (32 - Math.clz32(Number.parseInt(digits.charAt(0), 16)));
  return integer(value, Math.floor(bits / 8) + 1);
}

/** Cassandra's variable-length integer: zigzag, the number of further bytes in the leading ones of the first. */
function vint(value: bigint): Buffer {
  const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  let extra = 0;
  while (extra < 8 && zigzag >> BigInt(7 * (extra + 1)) > 0n) extra++;
  const bytes = integer(zigzag, extra + 1);
  if (extra === 8) return Buffer.concat([Buffer.from([0xff]), integer(zigzag, 8)]);
  bytes.writeUInt8(bytes.readUInt8(0) | (0xff & ~(0xff >> extra)), 0);
  return bytes;
}
