import { z } from "zod";
import type { ColumnType, KeyText, ScalarName } from "../column-type.ts";
import { ValueError } from "../error.ts";
import { escapeText, unescapeText } from "./escape.ts";

/** A column type that may stand in a key. */
export interface KeyType<Out = unknown, In = Out> extends ColumnType<Out, In> {
  readonly keyText: KeyText<Out>;
}

/** What makes a scalar type. */
export interface ScalarParts<Out> {
  readonly name: ScalarName;
  /** Ends the sentence "Expected ...". */
  readonly expected: string;
  readonly json: z.ZodType<Out>;
  /** The canonical value of what a caller passed, or undefined if this type cannot hold it. */
  read(value: unknown): Out | undefined;
  compare(a: Out, b: Out): number;
}

/** What puts a scalar type into keys. */
export interface KeyParts<Out> {
  /** The finished key text of the commonest values, checked with as little work as possible: this is on the path of every hit. */
  quick?(value: unknown): string | undefined;
  /** The text of a canonical value, before escaping. */
  toText(value: Out): string;
  /** The value of such a text. May be lenient: what is not written back the same is refused. */
  fromText(text: string): Out | undefined;
  readonly witnesses: readonly string[];
}

/** Makes a scalar column type that cannot stand in a key. */
export function scalar<Out, In = Out>(parts: ScalarParts<Out>): ColumnType<Out, In> {
  return Object.freeze(columnOf(parts));
}

/** Makes a scalar column type that may stand in a key. */
export function keyScalar<Out, In = Out>(parts: ScalarParts<Out>, key: KeyParts<Out>): KeyType<Out, In> {
  const column = columnOf(parts);
  const refuse = (value: unknown): never => {
    throw new ValueError(parts.name, value, parts.expected);
  };
  const keyText: KeyText<Out> = {
    write: (value) => key.quick?.(value) ?? escapeText(key.toText(column.accept(value))) ?? refuse(value),
    parse(escaped) {
      const text = unescapeText(escaped);
      const value = text === undefined ? undefined : key.fromText(text);
      return value !== undefined && key.toText(value) === text ? value : undefined;
    },
    witnesses: Object.freeze([...key.witnesses]),
  };
  return Object.freeze({ ...column, keyText: Object.freeze(keyText) });
}

/** The key parts of a type whose canonical value is already its text. */
export function sameText(
  read: (value: unknown) => string | undefined,
  witnesses: readonly string[],
  quick?: (value: unknown) => string | undefined,
): KeyParts<string> {
  return { toText: (value) => value, fromText: read, witnesses, ...(quick && { quick }) };
}

/**
 * The JSON form of a type whose canonical values are strings: reads what `accept` reads and gives the canonical value.
 * The pattern is for JSON Schema only; it may let through what `read` refuses.
 */
export function jsonString(
  pattern: RegExp,
  expected: string,
  read: (value: unknown) => string | undefined,
): z.ZodType<string> {
  return z
    .string()
    .refine((text) => read(text) !== undefined, `Expected ${expected}`)
    .overwrite((text) => read(text) ?? text)
    .meta({ pattern: pattern.source });
}

/** Orders two texts of ASCII characters. */
export const compareAscii = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function columnOf<Out>(parts: ScalarParts<Out>): Omit<ColumnType<Out>, "$in" | "keyText"> {
  return {
    cql: parts.name,
    shape: Object.freeze({ kind: "scalar", name: parts.name }),
    json: parts.json,
    accept(value) {
      const canonical = parts.read(value);
      if (canonical === undefined) throw new ValueError(parts.name, value, parts.expected);
      return canonical;
    },
    compare: parts.compare,
  };
}
