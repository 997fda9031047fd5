import { jsonString, type KeyType, keyScalar, sameText } from "./scalar.ts";

const V4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const CHARACTERS = /^[0-9a-fA-F:.]{2,45}$/;
const EXPECTED = "an IPv4 or IPv6 address without zone";
/** The canonical text of an IPv4-mapped address. */
const MAPPED = /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/;
const GROUPS = 8;

/**
 * CQL `inet`: an IPv4 address in dotted decimals, or an IPv6 address as RFC 5952 writes it, always in hexadecimal
 * groups. `::ffff:102:304` has sixteen bytes and is another value than `1.2.3.4`, which has four; but inside a list, set
 * or map Cassandra turns the one into the other, and so do these.
 *
 * @example
 * inet.accept("2001:DB8:0:0:0:0:0:1") // "2001:db8::1"
 */
export const inet: KeyType<string> = Object.freeze({ ...inetType(inetText), elementForm: inetType(unmappedText) });

function inetType(textOf: (bytes: Uint8Array) => string): KeyType<string> {
  const read = (value: unknown): string | undefined => {
    const bytes = typeof value === "string" ? inetBytes(value) : undefined;
    return bytes && textOf(bytes);
  };
  return keyScalar<string>(
    { name: "inet", expected: EXPECTED, json: jsonString(CHARACTERS, EXPECTED, read), read, compare },
    sameText(read, ["0.0.0.0", "::"]),
  );
}

/** The four or sixteen bytes of an address, or undefined if the text is none. */
export function inetBytes(text: string): Uint8Array | undefined {
  if (V4.test(text)) return Uint8Array.from(text.split("."), Number);
  const groups = CHARACTERS.test(text) ? groupsOf(text) : undefined;
  return groups && Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The canonical text of four or sixteen bytes. */
export function inetText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: GROUPS }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const gap = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (gap.length < 2) return hex.join(":"); // RFC 5952: one group of zero is not shortened
  return `${hex.slice(0, gap.start).join(":")}::${hex.slice(gap.start + gap.length).join(":")}`;
}

function unmappedText(bytes: Uint8Array): string {
  const text = inetText(bytes);
  return MAPPED.test(text) ? inetText(bytes.subarray(12)) : text;
}

function groupsOf(text: string): readonly number[] | undefined {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return undefined;
  const left = groupsOfPart(head, tail === undefined);
  const right = groupsOfPart(tail ?? "", true);
  if (left === undefined || right === undefined) return undefined;
  const missing = GROUPS - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...left, ...Array<number>(missing).fill(0), ...right];
}

/** The groups between colons; the very last of an address may be an IPv4 address, which is worth two. */
function groupsOfPart(part: string, endsAddress: boolean): readonly number[] | undefined {
  if (part === "") return [];
  const groups: number[] = [];
  const items = part.split(":");
  for (const [i, item] of items.entries()) {
    if (GROUP.test(item)) groups.push(Number.parseInt(item, 16));
    else if (endsAddress && i === items.length - 1 && V4.test(item)) groups.push(...dottedGroups(item));
    else return undefined;
  }
  return groups;
}

function dottedGroups(v4: string): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0] = v4.split(".").map(Number);
  return [(a << 8) | b, (c << 8) | d];
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let run = { start: 0, length: 0 };
  for (const [i, group] of groups.entries()) {
    run = group !== 0 ? { start: i + 1, length: 0 } : { start: run.start, length: run.length + 1 };
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

/** By unsigned bytes, a prefix first: Cassandra orders the bytes it stores. */
function compare(a: string, b: string): number {
  const [x, y] = [inetBytes(a) ?? new Uint8Array(), inetBytes(b) ?? new Uint8Array()];
  const length = Math.min(x.length, y.length);
  for (let i = 0; i < length; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
