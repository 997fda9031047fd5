import { z } from "zod";
import type { ColumnType, ScalarName } from "../column-type.ts";
import { jsonString, type KeyType, keyScalar, type ScalarParts, sameText, scalar } from "./scalar.ts";

/** What a caller may pass for an integer of 64 bits or more; a number only while it is exact. */
export type WideInteger = bigint | number | string;

const DECIMAL = /^(?:0|-?[1-9][0-9]*)$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** So many characters, sign included, always fit into 64 bits. */
const ALWAYS_INT64_LENGTH = 18;

/** CQL `int`: a whole number of 32 bits. */
export const int: KeyType<number> = narrowInteger("int", -2_147_483_648, 2_147_483_647);

/** CQL `smallint`: a whole number of 16 bits. */
export const smallint: KeyType<number> = narrowInteger("smallint", -32_768, 32_767);

/** CQL `tinyint`: a whole number of 8 bits. */
export const tinyint: KeyType<number> = narrowInteger("tinyint", -128, 127);

/**
 * CQL `bigint`: 64 bits, in JSON a string of decimal digits, because a JSON number above 2^53 is read back wrong.
 *
 * @example
 * bigint.accept(9007199254740993n) // "9007199254740993"
 */
export const bigint: KeyType<string, WideInteger> = wideKey(
  "bigint",
  isInt64,
  "a bigint, safe integer or decimal string of 64 bits",
);

/** CQL `varint`: a whole number of any size, in JSON a string of decimal digits. */
export const varint: KeyType<string, WideInteger> = wideKey(
  "varint",
  () => true,
  "a bigint, safe integer or decimal string",
);

/** CQL `counter`: 64 bits, in JSON a string of decimal digits. Never part of a key. */
export const counter: ColumnType<string, WideInteger> = scalar(
  wideParts("counter", isInt64, "a bigint, safe integer or decimal string of 64 bits"),
);

function narrowInteger(name: ScalarName, min: number, max: number): KeyType<number> {
  const holds = (value: unknown): value is number =>
    typeof value === "number" && (value | 0) === value && value >= min && value <= max;
  return keyScalar<number>(
    {
      name,
      expected: `a whole number from ${min} to ${max}`,
      json: z.int().min(min).max(max).overwrite(withoutNegativeZero),
      read: (value) => (holds(value) ? withoutNegativeZero(value) : undefined),
      compare: (a, b) => a - b,
    },
    {
      quick: (value) => (holds(value) ? `${value}` : undefined),
      toText: String,
      fromText: (text) => (DECIMAL.test(text) && holds(Number(text)) ? Number(text) : undefined),
      witnesses: ["0"],
    },
  );
}

/** No integer column holds -0. */
function withoutNegativeZero(value: number): number {
  return value + 0;
}

function wideKey(name: ScalarName, fits: (text: string) => boolean, expected: string): KeyType<string, WideInteger> {
  const parts = wideParts(name, fits, expected);
  return keyScalar(parts, sameText(parts.read, ["0"], parts.read));
}

function wideParts(name: ScalarName, fits: (text: string) => boolean, expected: string): ScalarParts<string> {
  const read = (value: unknown): string | undefined => {
    const text = decimalDigits(value);
    return text !== undefined && fits(text) ? text : undefined;
  };
  return { name, expected, read, json: jsonString(DECIMAL, expected, read), compare: compareIntegers };
}

function decimalDigits(value: unknown): string | undefined {
  if (typeof value === "string") return DECIMAL.test(value) ? value : undefined;
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function isInt64(text: string): boolean {
  if (text.length <= ALWAYS_INT64_LENGTH) return true;
  if (text.length > ALWAYS_INT64_LENGTH + 2) return false;
  const value = BigInt(text);
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** Orders two canonical decimal integers by value, without making them numbers. */
function compareIntegers(a: string, b: string): number {
  const negative = a.startsWith("-");
  if (negative !== b.startsWith("-")) return negative ? -1 : 1;
  const magnitude = a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  return negative ? -magnitude : magnitude;
}
