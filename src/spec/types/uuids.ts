import { compareAscii, jsonString, type KeyType, keyScalar, sameText } from "./scalar.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Where the text of a UUID holds its version, and where its last eight bytes begin. */
const VERSION = 14;
const LAST_BYTES = 19;

/**
 * CQL `uuid`: lower-case text with hyphens; upper case is accepted. Any version and variant.
 *
 * @example
 * uuid.accept("9B1DEB4D-3B7D-4BAD-9BDD-2B0D7B3DCB6D") // "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
 */
export const uuid: KeyType<string> = uuidType(
  "uuid",
  UUID,
  "a UUID",
  compareUuids,
  "00000000-0000-4000-8000-000000000000",
);

/** CQL `timeuuid`: a UUID of version 1, ordered by the time it holds. */
export const timeuuid: KeyType<string> = uuidType(
  "timeuuid",
  TIME_UUID,
  "a UUID of version 1",
  compareTimeUuids,
  "00000000-0000-1000-8000-000000000000",
);

function uuidType(
  name: "uuid" | "timeuuid",
  pattern: RegExp,
  expected: string,
  compare: (a: string, b: string) => number,
  witness: string,
): KeyType<string> {
  const canonical = (value: unknown): string | undefined =>
    typeof value === "string" && pattern.test(value) ? value : undefined;
  const read = (value: unknown): string | undefined =>
    canonical(value) ?? (typeof value === "string" ? canonical(value.toLowerCase()) : undefined);
  return keyScalar<string>(
    { name, expected, json: jsonString(anyCase(pattern), expected, read), read, compare },
    sameText(read, [witness], canonical),
  );
}

function anyCase(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll("a-f", "a-fA-F"));
}

/** Cassandra's UUIDType: by version, then version 1 by its time and the others from the left, at last by unsigned bytes. */
function compareUuids(a: string, b: string): number {
  const version = compareAscii(a.charAt(VERSION), b.charAt(VERSION));
  if (version !== 0) return version;
  if (a.charAt(VERSION) !== "1") return compareAscii(a, b);
  return compareAscii(timeDigits(a), timeDigits(b)) || compareAscii(a.slice(LAST_BYTES), b.slice(LAST_BYTES));
}

/** Cassandra's TimeUUIDType: by time, then by the last eight bytes as *signed* ones (CASSANDRA-8730). */
function compareTimeUuids(a: string, b: string): number {
  return compareAscii(timeDigits(a), timeDigits(b)) || compareAscii(signedLastBytes(a), signedLastBytes(b));
}

/** The digits of the 60-bit time, highest first: a UUID begins with the low ones. */
const timeDigits = (uuid: string): string => uuid.slice(14, 18) + uuid.slice(9, 13) + uuid.slice(0, 8);

/** The last eight bytes with their sign bits turned over, so that signed order becomes the order of the text. */
function signedLastBytes(uuid: string): string {
  return uuid
    .slice(LAST_BYTES)
    .replace("-", "")
    .replace(/(.)(.)/g, (_, high: string, low: string) => ((Number.parseInt(high, 16) + 8) % 16).toString(16) + low);
}
