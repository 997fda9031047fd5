import type { ColumnType } from "../column-type.ts";

/**
 * A text that stands for a value of either type inside a key, or undefined if no text does. Two templates that differ
 * only in parameters of such types give one key for two things.
 *
 * @example
 * sharedText(int, varint) // "0"
 * sharedText(int, uuid) // undefined
 */
export function sharedText(a: ColumnType, b: ColumnType): string | undefined {
  const [x, y] = [a.keyText, b.keyText];
  if (x === undefined || y === undefined) return undefined;
  return [...x.witnesses, ...y.witnesses].find((text) => x.parse(text) !== undefined && y.parse(text) !== undefined);
}
