import { z } from "zod";
import { isSafe, isWellFormed } from "./escape.ts";
import { compareAscii, jsonString, type KeyType, keyScalar, sameText } from "./scalar.ts";

const ASCII = /^[\0-\x7f]*$/;

const quickText = (value: unknown): string | undefined =>
  typeof value === "string" && isSafe(value) ? value : undefined;

const readText = (value: unknown): string | undefined =>
  typeof value === "string" && isWellFormed(value) ? value : undefined;

const readAscii = (value: unknown): string | undefined =>
  typeof value === "string" && ASCII.test(value) ? value : undefined;

/**
 * CQL `text`: a string without lone surrogates, which have no UTF-8 and which the driver would turn into U+FFFD. Texts
 * that differ only in their Unicode normal form are different texts, as they are for Cassandra.
 *
 * @example
 * text.keyText.write("ann_lee") // "ann%5Flee"
 */
export const text: KeyType<string> = keyScalar<string>(
  {
    name: "text",
    expected: "a string without lone surrogates",
    json: z.string().refine(isWellFormed, "Expected a string without lone surrogates"),
    read: readText,
    compare: compareUtf8,
  },
  sameText(readText, ["a"], quickText),
);

/** CQL `ascii`: a string of 7-bit characters. */
export const ascii: KeyType<string> = keyScalar<string>(
  {
    name: "ascii",
    expected: "a string of ASCII characters",
    json: jsonString(ASCII, "a string of ASCII characters", readAscii),
    read: readAscii,
    compare: compareAscii,
  },
  sameText(readAscii, ["a"], quickText),
);

/** Orders two strings as their UTF-8 bytes, which is by code point; JavaScript's own order is by UTF-16 unit. */
function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they rank above every other unit. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
