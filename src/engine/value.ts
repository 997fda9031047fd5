import { createHash } from "node:crypto";
import { toJsonText } from "../spec/types/json-text.ts";

/** A value ready to be held or answered: frozen, with its JSON text and entity tag, each made once. */
export interface Rendered {
  readonly value: unknown;
  readonly json: string;
  readonly etag: string;
  readonly bytes: number;
}

/** What one entry costs beside its text: the entry, its copy, its key, its place in the LRU. Measured in order of magnitude. */
const ENTRY_BYTES = 400;

/** Freezes a value and writes its JSON. An absent row is `null` there. */
export function render(value: unknown): Rendered {
  const json = toJsonText(value === undefined ? null : value); // first: it refuses what is circular
  return { value: deepFreeze(value), json, etag: etagOf(json), bytes: ENTRY_BYTES + 2 * json.length };
}

/** A strong entity tag: equal for equal bytes. */
export function etagOf(json: string): string {
  return `"${createHash("sha1").update(json).digest("base64url")}"`;
}

/** No reader can change what others read. */
function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
