import { compareAscii, jsonString, type KeyType, keyScalar, sameText } from "./scalar.ts";

/** A decimal as Cassandra stores it: the value is `unscaled` times ten to the power of `-scale`. */
export interface DecimalParts {
  /** A whole number in canonical decimal digits. */
  readonly unscaled: string;
  /** 32 bits, signed. */
  readonly scale: number;
}

const WRITTEN = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,10}))?$/;
const EXPECTED = "a decimal string such as 1.10, with a scale of 32 bits";
/** Below this power of ten Java's BigDecimal.toString turns to an exponent. */
const PLAIN_FROM = -6;

/**
 * CQL `decimal`: a string that keeps the scale, so 1.10 and 1.1 are two values. Very small and very large ones are
 * written with an exponent, as Java's BigDecimal.toString does: one text for each value, and none of them long.
 *
 * `compare` finds 1.1 and 1.10 equal, as Cassandra's does: they are one clustering key (but two partition keys).
 *
 * @example
 * decimal.accept("0.00000001") // "1E-8"
 */
export const decimal: KeyType<string> = keyScalar<string>(
  {
    name: "decimal",
    expected: EXPECTED,
    json: jsonString(WRITTEN, EXPECTED, read),
    read,
    compare,
  },
  sameText(read, ["0"]),
);

/** Takes a decimal text apart; undefined if it is none. */
export function decimalParts(text: string): DecimalParts | undefined {
  const [matched, sign, whole = "", fraction = "", exponent = "0"] = WRITTEN.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const digits = (whole + fraction).replace(/^0+(?=.)/, "");
  const scale = fraction.length - Number(exponent);
  if (scale !== (scale | 0)) return undefined;
  return { unscaled: sign === "-" && digits !== "0" ? `-${digits}` : digits, scale: scale + 0 };
}

/** The canonical text of a decimal. */
export function decimalText({ unscaled, scale }: DecimalParts): string {
  const negative = unscaled.startsWith("-");
  const digits = negative ? unscaled.slice(1) : unscaled;
  const exponent = digits.length - 1 - scale;
  const magnitude = scale >= 0 && exponent >= PLAIN_FROM ? plain(digits, scale) : scientific(digits, exponent);
  return negative ? `-${magnitude}` : magnitude;
}

function plain(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const padded = digits.padStart(scale + 1, "0");
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
  return exponent === 0 ? mantissa : `${mantissa}E${exponent > 0 ? "+" : ""}${exponent}`;
}

function read(value: unknown): string | undefined {
  const parts = typeof value === "string" ? decimalParts(value) : undefined;
  return parts === undefined ? undefined : decimalText(parts);
}

/** By value. Nothing is expanded: a scale may be two thousand million. */
function compare(a: string, b: string): number {
  const [x, y] = [magnitudeOf(a), magnitudeOf(b)];
  if (x.sign !== y.sign) return x.sign - y.sign;
  return x.sign * (x.exponent - y.exponent || compareAscii(x.digits, y.digits));
}

function magnitudeOf(text: string): { sign: number; exponent: number; digits: string } {
  const { unscaled, scale } = decimalParts(text) ?? { unscaled: "0", scale: 0 };
  if (unscaled === "0") return { sign: 0, exponent: 0, digits: "" };
  const digits = unscaled.replace("-", "");
  return {
    sign: unscaled.startsWith("-") ? -1 : 1,
    exponent: digits.length - 1 - scale,
    digits: withoutTrailingZeros(digits), // with equal exponents, digits compare from the left like fractions
  };
}

/** A loop: a regular expression takes quadratic time over a long run of zeros that is not the last one. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}
