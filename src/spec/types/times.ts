import { compareAscii, jsonString, type KeyType, keyScalar, sameText } from "./scalar.ts";

const TIME = /^([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,9}))?$/;
const TIME_EXPECTED = "a time of day such as 03:43:00.5, with at most nine digits of a second";
const TIMESTAMP =
  /^([0-9]{4}|[+-][0-9]{6})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,3})?)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;
const TIMESTAMP_EXPECTED =
  "a Date, or an ISO 8601 text with a time zone and at most milliseconds, between the years -271821 and 275760";

/**
 * CQL `time`: a time of day, always written with nine digits of a second.
 *
 * @example
 * time.accept("03:43:00.5") // "03:43:00.500000000"
 */
export const time: KeyType<string> = keyScalar<string>(
  {
    name: "time",
    expected: TIME_EXPECTED,
    json: jsonString(TIME, TIME_EXPECTED, readTime),
    read: readTime,
    compare: compareAscii,
  },
  sameText(readTime, ["00:00:00.000000000"]),
);

/**
 * CQL `timestamp`: an instant in milliseconds, written as JavaScript writes a Date, in UTC.
 *
 * @example
 * timestamp.accept(new Date(0)) // "1970-01-01T00:00:00.000Z"
 */
export const timestamp: KeyType<string, Date | string> = keyScalar<string, Date | string>(
  {
    name: "timestamp",
    expected: TIMESTAMP_EXPECTED,
    json: jsonString(TIMESTAMP, TIMESTAMP_EXPECTED, readTimestamp),
    read: readTimestamp,
    compare: (a, b) => Date.parse(a) - Date.parse(b),
  },
  sameText(readTimestamp, ["1970-01-01T00:00:00.000Z"]),
);

/** Nanoseconds since midnight of a canonical time; they stay below 2^53. */
export function nanosecondsOfTime(text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0, fraction = 0] = (TIME.exec(text) ?? []).map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1e9 + fraction;
}

/** The canonical time of a count of nanoseconds since midnight. */
export function timeOfNanoseconds(nanoseconds: number): string {
  const seconds = Math.floor(nanoseconds / 1e9);
  const two = (value: number): string => String(value).padStart(2, "0");
  const fraction = String(nanoseconds % 1e9).padStart(9, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

function readTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const [matched, hours, minutes, seconds, fraction = ""] = TIME.exec(value) ?? [];
  return matched === undefined ? undefined : `${hours}:${minutes}:${seconds}.${fraction.padEnd(9, "0")}`;
}

function readTimestamp(value: unknown): string | undefined {
  if (value instanceof Date) return isoText(value.getTime());
  if (typeof value !== "string") return undefined;
  const iso = isoText(Date.parse(value));
  if (iso === value) return value; // already canonical, which is what keys are mostly made from
  const [, year, month, day] = TIMESTAMP.exec(value) ?? [];
  return year !== undefined && isDay(Number(year), Number(month), Number(day)) ? iso : undefined;
}

const isoText = (milliseconds: number): string | undefined =>
  Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();

/** Date.parse takes the 30th of February for the 2nd of March, but no day below the first. */
function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}
