import { z } from "zod";
import { type KeyType, keyScalar } from "./scalar.ts";

const NON_FINITE: Readonly<Record<string, number | undefined>> = {
  NaN: Number.NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

const readDouble = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/**
 * The shortest decimal number that is this number's nearest 32-bit float: 1.1, where the float widened to a JavaScript
 * number reads 1.100000023841858. Undefined for a number beyond the range of floats.
 */
function readFloat(value: unknown): number | undefined {
  if (typeof value !== "number") return undefined;
  const float = Math.fround(value);
  if (!Number.isFinite(float)) return Number.isFinite(value) ? undefined : float;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return Object.is(float, -0) ? -0 : short;
  }
  return Number(float.toPrecision(9)); // nine digits tell any two floats apart
}

/**
 * CQL `double`. In memory NaN and the infinities are numbers; JSON has none, so there they are the strings `NaN`,
 * `Infinity` and `-Infinity`. 0 and -0 are two values, as they are for Cassandra.
 *
 * @example
 * double.keyText.write(-0) // "-0"
 */
export const double: KeyType<number> = floating("double", "a number", readDouble);

/** CQL `float`: 32 bits. A number is rounded to the nearest float and stands as the shortest decimal that gives it. */
export const float: KeyType<number> = floating("float", "a number within the range of 32-bit floats", readFloat);

function floating(
  name: "double" | "float",
  expected: string,
  read: (value: unknown) => number | undefined,
): KeyType<number> {
  return keyScalar<number>(
    { name, expected, json: jsonNumber(expected, read), read, compare: compareDoubles },
    {
      toText: (value) => (Object.is(value, -0) ? "-0" : String(value)),
      fromText: (text) => read(Number(text)),
      witnesses: ["0"],
    },
  );
}

/** z.number() refuses NaN and z.toJSONSchema refuses transforms, hence `any`, an overwrite and a schema written by hand. */
function jsonNumber(expected: string, read: (value: unknown) => number | undefined): z.ZodType<number> {
  const fromJson = (value: unknown): number | undefined => read(typeof value === "string" ? NON_FINITE[value] : value);
  return z
    .any()
    .refine((value) => fromJson(value) !== undefined, `Expected ${expected}`)
    .overwrite((value) => fromJson(value) ?? value)
    .meta({ anyOf: [{ type: "number" }, { enum: Object.keys(NON_FINITE) }] });
}

/** Java's Double.compare: -0 before 0, and NaN after everything. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return rankAmongEquals(a) - rankAmongEquals(b);
}

const rankAmongEquals = (value: number): number => (Number.isNaN(value) ? 1 : Object.is(value, -0) ? -1 : 0);
