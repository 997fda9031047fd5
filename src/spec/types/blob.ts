import { jsonString, type KeyType, keyScalar } from "./scalar.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** With padding, and with the bits that padding leaves over at zero: one text for each value. The length is checked apart. */
const BASE64 = /^[A-Za-z0-9+/]*(?:[AQgw]==|[AEIMQUYcgkosw048]=)?$/;
const EXPECTED = "bytes, or their base64 text with padding";
const HEX = /^0x[0-9a-f]*$/;
/** Arguments to one call of String.fromCharCode. */
const CHUNK = 8192;

/**
 * CQL `blob`: in JSON base64 text with padding, in keys `0x` and lower-case hexadecimal digits. A string given is always
 * read as base64, `0xff` too.
 *
 * @example
 * blob.accept(new Uint8Array([255])) // "/w=="
 * blob.keyText.write(new Uint8Array([255])) // "0xff"
 */
export const blob: KeyType<string, Uint8Array | string> = keyScalar<string, Uint8Array | string>(
  { name: "blob", expected: EXPECTED, json: jsonString(BASE64, EXPECTED, read), read, compare },
  { toText: hexOfBase64, fromText: base64OfHex, witnesses: ["0x"] },
);

function read(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return btoa(binaryString(value));
  return typeof value === "string" && value.length % 4 === 0 && BASE64.test(value) ? value : undefined;
}

function binaryString(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return binary;
}

function hexOfBase64(base64: string): string {
  const binary = atob(base64);
  let hex = "0x";
  for (let i = 0; i < binary.length; i++) hex += binary.charCodeAt(i).toString(16).padStart(2, "0");
  return hex;
}

function base64OfHex(text: string): string | undefined {
  if (!HEX.test(text) || text.length % 2 !== 0) return undefined;
  return read(
    Uint8Array.from({ length: text.length / 2 - 1 }, (_, i) => Number.parseInt(text.slice(2 * i + 2, 2 * i + 4), 16)),
  );
}

/** By unsigned bytes. Base64 keeps that order sextet by sextet, if padding counts as less than any of them. */
function compare(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return ALPHABET.indexOf(a.charAt(i)) - ALPHABET.indexOf(b.charAt(i));
  }
  return a.length - b.length;
}
