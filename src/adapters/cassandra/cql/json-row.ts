import type { ColumnType } from "../../../spec/column-type.ts";
import { canonicalText } from "./literals.ts";
import { Unclear } from "./unclear.ts";

export type JsonRow = ReadonlyMap<string, unknown>;

/**
 * The values of an INSERT JSON by column, named as Cassandra does: in lower case, but for names that are quoted once more inside
 * their quotes. Throws `Unclear`.
 */
export function jsonRow(text: string, at: number): JsonRow {
  const parsed = parse(text, at);
  const row = new Map(Object.entries(parsed).map(([name, value]) => [columnNamed(name), value]));
  if (row.size !== Object.keys(parsed).length) throw new Unclear("a column stands twice in the JSON", at);
  return row;
}

function parse(text: string, at: number): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Unclear("the JSON cannot be read", at);
  }
  if (typeof parsed !== "object" || parsed === null) {
    throw new Unclear("the JSON is no object", at);
  }
  return parsed;
}

const columnNamed = (name: string): string =>
  name.length >= 2 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name.toLowerCase();

/** The canonical value of what stands in the JSON for a column of this type, or undefined where that is not sure. */
export function canonicalJson(type: ColumnType, value: unknown): unknown {
  if (typeof value === "string") return canonicalText(type, value);
  if (typeof value === "boolean") return type.cql === "boolean" ? value : undefined;
  if (typeof value !== "number") return undefined;
  if (type.cql === "double" || type.cql === "float") return fractional(type, value);
  // Beyond 2^53 JSON.parse has lost digits, and for a decimal it always has lost the scale: 1e2 is no 100.
  return Number.isSafeInteger(value) && TAKES_NUMBERS.has(type.cql) ? canonicalText(type, String(value)) : undefined;
}

/** A date and a time of day are written as strings only. */
const TAKES_NUMBERS: ReadonlySet<string> = new Set(["bigint", "int", "smallint", "timestamp", "tinyint", "varint"]);

/** The server reads -0 in JSON as the integer 0, but -0.0 as -0. */
const fractional = (type: ColumnType, value: number): unknown =>
  Object.is(value, -0) ? undefined : canonicalText(type, String(value));
