import type { ColumnType, ScalarName } from "../../../spec/column-type.ts";
import { ValueError } from "../../../spec/error.ts";
import { dateOfDays, daysOfDate } from "../../../spec/types/dates.ts";
import { inet } from "../../../spec/types/inet.ts";
import { elementForm } from "../../../spec/types/nesting.ts";
import { timeOfNanoseconds } from "../../../spec/types/times.ts";
import type { LiteralType } from "./analysed.ts";

/** What Cassandra reads from a text of this form, as something the type accepts; undefined where that is not sure. */
type Reader = (text: string) => unknown;

const INTEGER = /^-?[0-9]+$/;
const DATE_ORIGIN = 2 ** 31;
const NANOSECONDS_IN_DAY = 86_400 * 1e9;
/** Two forms of ISO 8601 with a zone: without one the server takes its own, and Cassandra reads .5 otherwise than ISO does. */
const INSTANT =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{3})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

const whole: Reader = (text) => (INTEGER.test(text) ? String(BigInt(text)) : undefined);
const narrow: Reader = (text) => (INTEGER.test(text) ? Number(text) + 0 : undefined);
const same: Reader = (text) => text;

const STRING_OR_INTEGER: readonly LiteralType[] = ["string", "integer"];
const NUMBER: readonly LiteralType[] = ["integer", "float"];

/** Per type: which literals CQL takes for it, and how its text is read. Counters and durations stand in no key. */
const READERS: Readonly<Partial<Record<ScalarName, { readonly of: readonly LiteralType[]; readonly read: Reader }>>> = {
  ascii: { of: ["string"], read: same },
  bigint: { of: ["integer"], read: whole },
  blob: { of: ["hex"], read: readBlob },
  boolean: { of: ["boolean"], read: (text) => (text === "true" ? true : text === "false" ? false : undefined) },
  date: { of: STRING_OR_INTEGER, read: readDate },
  decimal: { of: NUMBER, read: readDecimal },
  double: { of: NUMBER, read: readDouble },
  float: { of: NUMBER, read: readFloat },
  inet: { of: ["string"], read: (text) => elementForm(inet).accept(text) },
  int: { of: ["integer"], read: narrow },
  smallint: { of: ["integer"], read: narrow },
  text: { of: ["string"], read: same },
  time: { of: STRING_OR_INTEGER, read: readTime },
  timestamp: { of: STRING_OR_INTEGER, read: readTimestamp },
  timeuuid: { of: ["uuid"], read: same },
  tinyint: { of: ["integer"], read: narrow },
  uuid: { of: ["uuid"], read: same },
  varint: { of: ["integer"], read: whole },
};

/** The canonical value of a literal in the place of a value of this type, or undefined where it is not sure. */
export function canonicalLiteral(type: ColumnType, literal: LiteralType, text: string): unknown {
  const reader = readerOf(type);
  return reader?.of.includes(literal) ? accepted(type, reader.read, text) : undefined;
}

/** The canonical value of a text in JSON, where every type may be written as a string. */
export function canonicalText(type: ColumnType, text: string): unknown {
  const reader = readerOf(type);
  return reader && accepted(type, reader.read, text);
}

const readerOf = ({ shape }: ColumnType) => (shape.kind === "scalar" ? READERS[shape.name] : undefined);

function accepted(type: ColumnType, read: Reader, text: string): unknown {
  try {
    const value = read(text);
    return value === undefined ? undefined : type.accept(value);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function readBlob(text: string): unknown {
  return /^0x(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), "hex") : undefined;
}

function readDate(text: string): unknown {
  if (INTEGER.test(text)) return dateOfDays(Number(text) - DATE_ORIGIN);
  return /^[0-9]{4}-/.test(text) && daysOfDate(text) !== undefined ? text : undefined;
}

function readDecimal(text: string): unknown {
  return text.replace(/^(-?)0+(?=[0-9])/, "$1").replace(/\.(?=$|e)/i, "");
}

function readDouble(text: string): number | undefined {
  return /^-?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?$/i.test(text) ? Number(text) : undefined;
}

/** Java rounds the text to a float at once, JavaScript to a double first: where that is half-way between two floats they may differ. */
function readFloat(text: string): number | undefined {
  const value = readDouble(text);
  const isExact = INTEGER.test(text) && Number.isSafeInteger(value);
  return value !== undefined && (isExact || !isHalfWay(value)) ? value : undefined;
}

function isHalfWay(value: number): boolean {
  const float = Math.fround(value);
  if (float === value) return false;
  if (float === 0) return true; // or nearly so
  const other = neighbour(float, value > float);
  return Math.abs(other - value) === Math.abs(value - float);
}

/** The next float up or down. */
function neighbour(float: number, up: boolean): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, float);
  const away = up === float > 0; // away from zero the bits grow
  view.setInt32(0, view.getInt32(0) + (away ? 1 : -1));
  return view.getFloat32(0);
}

function readTime(text: string): unknown {
  if (!INTEGER.test(text)) return text;
  const nanoseconds = Number(text);
  return nanoseconds >= 0 && nanoseconds < NANOSECONDS_IN_DAY ? timeOfNanoseconds(nanoseconds) : undefined;
}

function readTimestamp(text: string): unknown {
  if (INTEGER.test(text)) return Number.isSafeInteger(Number(text)) ? new Date(Number(text)) : undefined;
  return INSTANT.test(text) ? text : undefined;
}
