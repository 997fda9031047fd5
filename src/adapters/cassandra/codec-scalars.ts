import { types } from "cassandra-driver";
import type { ScalarName } from "../../spec/column-type.ts";
import { ValueError } from "../../spec/error.ts";
import { dateOfDays, daysOfDate } from "../../spec/types/dates.ts";
import { decimalParts, decimalText } from "../../spec/types/decimal.ts";
import { durationParts, durationText } from "../../spec/types/duration.ts";
import { inetBytes, inetText } from "../../spec/types/inet.ts";
import { nanosecondsOfTime, timeOfNanoseconds } from "../../spec/types/times.ts";

/** How one scalar type crosses between its canonical value and the driver's. */
export interface ScalarCodec {
  /** From a canonical value to what the driver encodes without guessing. */
  bind(canonical: unknown): unknown;
  /** From what the driver decoded to something the type accepts; what it does not know it passes on, to be refused there. */
  read(decoded: unknown): unknown;
}

/** Bytes that hold a date count its days from here, so that they sort. */
const DATE_ORIGIN = 2 ** 31;
const SCALE_BYTES = 4;

const asIs: ScalarCodec = { bind: (value) => value, read: (value) => value };

const long: ScalarCodec = {
  bind: fromText("bigint", (text) => types.Long.fromString(text)),
  read: (value) => (value instanceof types.Long ? value.toString() : value),
};

const uuid: ScalarCodec = {
  bind: fromText("uuid", (text) => types.Uuid.fromString(text)),
  read: (value) => (value instanceof types.Uuid ? value.toString() : value),
};

/*
 * The driver's own texts are not used for what they get wrong: BigDecimal prints 5E+2 as "5.", InetAddress prints
 * 1:0:0:2:0:0:3:4 and 1:0:0:2:0:0:5:4 alike, Duration rounds 23 months to 2y11mo, LocalDate has no plus for far years.
 */
const SCALARS: Readonly<Record<ScalarName, ScalarCodec>> = {
  ascii: asIs,
  bigint: long,
  blob: {
    bind: fromText("blob", (text) => Buffer.from(text, "base64")),
    read: (value) => (Buffer.isBuffer(value) ? value.toString("base64") : value),
  },
  boolean: asIs,
  counter: long,
  date: {
    bind: fromText("date", bindDate),
    read: (value) => (value instanceof types.LocalDate ? readDate(value) : value),
  },
  decimal: {
    bind: fromText("decimal", bindDecimal),
    read: (value) => (value instanceof types.BigDecimal ? readDecimal(value) : value),
  },
  double: asIs,
  duration: {
    bind: fromText("duration", bindDuration),
    read: (value) => (value instanceof types.Duration ? readDuration(value) : value),
  },
  float: asIs,
  inet: {
    bind: fromText("inet", bindInet),
    read: (value) => (value instanceof types.InetAddress ? inetText(value.getBuffer()) : value),
  },
  int: asIs,
  smallint: asIs,
  text: asIs,
  time: {
    bind: fromText("time", (text) => new types.LocalTime(types.Long.fromNumber(nanosecondsOfTime(text)))),
    read: (value) =>
      value instanceof types.LocalTime ? timeOfNanoseconds(value.getTotalNanoseconds().toNumber()) : value,
  },
  timestamp: { bind: fromText("timestamp", (text) => new Date(text)), read: (value) => value },
  timeuuid: uuid,
  tinyint: asIs,
  uuid,
  varint: {
    bind: fromText("varint", (text) => types.Integer.fromString(text)),
    read: (value) => (value instanceof types.Integer ? value.toString() : value),
  },
};

/** The codec of a scalar type. */
export const scalarCodec = (name: ScalarName): ScalarCodec => SCALARS[name];

function fromText(cqlType: string, bind: (text: string) => unknown): (canonical: unknown) => unknown {
  return (canonical) => {
    const bound = typeof canonical === "string" ? bind(canonical) : undefined;
    if (bound === undefined) throw new ValueError(cqlType, canonical, "a canonical value");
    return bound;
  };
}

function bindDate(text: string): types.LocalDate | undefined {
  const days = daysOfDate(text);
  if (days === undefined) return undefined;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(days + DATE_ORIGIN);
  return types.LocalDate.fromBuffer(bytes);
}

const readDate = (value: types.LocalDate): string => dateOfDays(value.toBuffer().readUInt32BE(0) - DATE_ORIGIN);

/** Through bytes, because the driver gives no other way to a negative scale. */
function bindDecimal(text: string): types.BigDecimal | undefined {
  const parts = decimalParts(text);
  if (parts === undefined) return undefined;
  const scale = Buffer.alloc(SCALE_BYTES);
  scale.writeInt32BE(parts.scale);
  const unscaled = types.Integer.toBuffer(types.Integer.fromString(parts.unscaled));
  return types.BigDecimal.fromBuffer(Buffer.concat([scale, unscaled]));
}

function readDecimal(value: types.BigDecimal): string {
  const bytes = types.BigDecimal.toBuffer(value);
  const unscaled = types.Integer.fromBuffer(bytes.subarray(SCALE_BYTES)).toString();
  return decimalText({ unscaled, scale: bytes.readInt32BE(0) });
}

function bindDuration(text: string): types.Duration | undefined {
  const parts = durationParts(text);
  if (parts === undefined) return undefined;
  return new types.Duration(parts.months, parts.days, types.Long.fromString(String(parts.nanoseconds)));
}

/** The fields of a Duration are public, but missing in the driver's declarations. */
function readDuration(value: types.Duration): unknown {
  if (!("months" in value) || !("days" in value) || !("nanoseconds" in value)) return value;
  const { months, days, nanoseconds } = value;
  if (typeof months !== "number" || typeof days !== "number" || !(nanoseconds instanceof types.Long)) return value;
  return durationText({ months, days, nanoseconds: BigInt(nanoseconds.toString()) });
}

function bindInet(text: string): types.InetAddress | undefined {
  const bytes = inetBytes(text);
  return bytes && new types.InetAddress(Buffer.from(bytes));
}
