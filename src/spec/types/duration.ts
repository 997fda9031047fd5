import type { ColumnType } from "../column-type.ts";
import { jsonString, scalar } from "./scalar.ts";

/** A duration as Cassandra stores it: three counts that are all positive or all negative, because a month has no fixed length. */
export interface DurationParts {
  readonly months: number;
  readonly days: number;
  readonly nanoseconds: bigint;
}

const WRITTEN =
  /^(-?)(?=.)(?:([0-9]{1,19})y)?(?:([0-9]{1,19})mo)?(?:([0-9]{1,19})w)?(?:([0-9]{1,19})d)?(?:([0-9]{1,19})h)?(?:([0-9]{1,19})m)?(?:([0-9]{1,19})s)?(?:([0-9]{1,19})ms)?(?:([0-9]{1,19})us)?(?:([0-9]{1,19})ns)?$/;
const EXPECTED = "a duration such as 1y2mo3d4h5m6s7ms8us9ns, its units in this order";
/** How much of its part each unit of `WRITTEN` is worth. */
const MONTHS = [12n, 1n];
const DAYS = [7n, 1n];
const NANOSECONDS = [3_600_000_000_000n, 60_000_000_000n, 1_000_000_000n, 1_000_000n, 1_000n, 1n];
const UNITS = ["h", "m", "s", "ms", "us", "ns"];

/**
 * CQL `duration`: written as Cassandra prints it, with no weeks and each unit as large as it can be; nothing at all is `0s`.
 * Never part of a key. Cassandra does not order durations; here they are ordered by months, days, nanoseconds.
 *
 * @example
 * duration.accept("14mo2w90s") // "1y2mo14d1m30s"
 */
export const duration: ColumnType<string> = scalar<string>({
  name: "duration",
  expected: EXPECTED,
  json: jsonString(WRITTEN, EXPECTED, read),
  read,
  compare,
});

/** Takes a duration text apart; undefined if it is none, or if a part does not fit (32, 32 and 64 bits). */
export function durationParts(text: string): DurationParts | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const sign = match[1] === "-" ? -1n : 1n;
  const counts = match.slice(2).map((count) => sign * BigInt(count ?? 0));
  const months = sumOf(counts.slice(0, 2), MONTHS);
  const days = sumOf(counts.slice(2, 4), DAYS);
  const nanoseconds = sumOf(counts.slice(4), NANOSECONDS);
  const fits = isInt(months, 32) && isInt(days, 32) && isInt(nanoseconds, 64);
  return fits ? { months: Number(months), days: Number(days), nanoseconds } : undefined;
}

/** The canonical text of a duration. */
export function durationText({ months, days, nanoseconds }: DurationParts): string {
  const [m, d] = [Math.abs(months), Math.abs(days)];
  let rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  let text = count(Math.floor(m / 12), "y") + count(m % 12, "mo") + count(d, "d");
  for (const [i, worth] of NANOSECONDS.entries()) {
    text += count(rest / worth, UNITS[i] ?? "");
    rest %= worth;
  }
  if (text === "") return "0s";
  return months < 0 || days < 0 || nanoseconds < 0n ? `-${text}` : text;
}

const count = (of: number | bigint, unit: string): string => (of > 0 ? `${of}${unit}` : "");

const sumOf = (counts: readonly bigint[], worths: readonly bigint[]): bigint =>
  counts.reduce((sum, each, i) => sum + each * (worths[i] ?? 0n), 0n);

const isInt = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;

function read(value: unknown): string | undefined {
  const parts = typeof value === "string" ? durationParts(value) : undefined;
  return parts === undefined ? undefined : durationText(parts);
}

function compare(a: string, b: string): number {
  const [x, y] = [durationParts(a), durationParts(b)];
  if (x === undefined || y === undefined) return 0;
  return x.months - y.months || x.days - y.days || Number(x.nanoseconds - y.nanoseconds);
}
