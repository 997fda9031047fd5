import type { ColumnType } from "../../src/spec/column-type.ts";
import { daysOfDate } from "../../src/spec/types/dates.ts";
import { nanosecondsOfTime } from "../../src/spec/types/times.ts";

const HUGE = /E[+-]?[0-9]{4,}$/;
const DATE_ORIGIN = 2 ** 31;
const quote = (text: string): readonly string[] => {
  const texts = [`'${text.replaceAll("'", "''")}'`];
  return text.includes("$") ? texts : [...texts, `$$${text}$$`];
};
const hexOf = (value: unknown): string => Buffer.from(String(value), "base64").toString("hex");
const padded = (text: string): string => text.replace(/^(-?)/, "$1000");

/** Every way to write a canonical value as a CQL literal that the parser should understand; none for what has no such form. */
export function literalsOf(type: ColumnType, value: unknown): readonly string[] {
  const text = String(value);
  switch (type.cql) {
    case "ascii":
    case "text":
      return quote(text);
    case "inet":
      return /^::ffff:[0-9a-f]+:[0-9a-f]+$/.test(text) ? [] : quote(text); // Java makes four bytes of it
    case "blob":
      return [`0x${hexOf(value)}`, `0X${hexOf(value).toUpperCase()}`];
    case "boolean":
      return [text, text.toUpperCase()];
    case "uuid":
    case "timeuuid":
      return [text, text.toUpperCase()];
    case "date":
      return /^[0-9]{4}-/.test(text)
        ? [`'${text}'`, String((daysOfDate(text) ?? 0) + DATE_ORIGIN)]
        : [String((daysOfDate(text) ?? 0) + DATE_ORIGIN)];
    case "time":
      return [`'${text}'`, `'${text.replace(/\.?0+$/, "").padEnd(8, ":00")}'`, String(nanosecondsOfTime(text))];
    case "timestamp":
      return timestampLiterals(text);
    case "double":
    case "float":
      return Number.isFinite(value) ? floatLiterals(value) : [];
    case "decimal":
      return HUGE.test(text) ? [] : [text]; // the server has a limit
    default:
      return [text, padded(text)];
  }
}

function floatLiterals(value: unknown): readonly string[] {
  const text = Object.is(value, -0) ? "-0.0" : String(value).replace("e+", "e");
  return [text];
}

function timestampLiterals(text: string): readonly string[] {
  const milliseconds = String(Date.parse(text));
  if (!/^[0-9]{4}-/.test(text) || text.startsWith("0000")) return [milliseconds];
  return [
    milliseconds,
    `'${text}'`,
    `'${text.replace("Z", "+00:00")}'`,
    ...(text.endsWith(".000Z") ? [`'${text.slice(0, 19)}Z'`] : []),
  ];
}

/** Every way to write a canonical value in an INSERT JSON. */
export function jsonValuesOf(type: ColumnType, value: unknown): readonly string[] {
  const text = String(value);
  const asText = JSON.stringify(text);
  switch (type.cql) {
    case "blob":
      return [`"0x${hexOf(value)}"`];
    case "boolean":
      return [text, asText];
    case "int":
    case "smallint":
    case "tinyint":
      return [text, asText];
    case "bigint":
    case "varint":
      return Number.isSafeInteger(Number(text)) ? [text, asText] : [asText];
    case "double":
    case "float":
      return Number.isFinite(value) && !Object.is(value, -0) ? [text] : [];
    case "timestamp":
      return /^[0-9]{4}-/.test(text) && !text.startsWith("0000")
        ? [asText, `"${Date.parse(text)}"`]
        : [`"${Date.parse(text)}"`];
    case "date":
      return /^[0-9]{4}-/.test(text) ? [asText] : [];
    case "inet":
      return /^::ffff:[0-9a-f]+:[0-9a-f]+$/.test(text) ? [] : [asText];
    case "decimal":
      return HUGE.test(text) ? [] : [asText];
    default:
      return [asText];
  }
}
