const SAFE = /^[A-Za-z0-9.:~+@-]*$/;
const UNSAFE = /[^A-Za-z0-9.:~+@-]/gu;
const NEVER_WRITTEN = /[^A-Za-z0-9.:~+@%-]/;
/** With the `u` flag a surrogate matches only where it stands alone. */
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/** Whether a text may stand in a key as it is. Safe texts are ASCII, so they are also free of lone surrogates. */
export const isSafe = (text: string): boolean => SAFE.test(text);

/** Whether a text can be written as UTF-8: it holds no half of a surrogate pair. */
export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);

/**
 * Writes a text with the letters, digits and `-.:~+@` as they are and every other character as percent-encoded UTF-8.
 * Returns undefined for a text that has no UTF-8.
 *
 * @example
 * escapeText("ann_lee/é") // "ann%5Flee%2F%C3%A9"
 */
export function escapeText(text: string): string | undefined {
  if (SAFE.test(text)) return text;
  return isWellFormed(text) ? text.replace(UNSAFE, percentEncode) : undefined;
}

/** The text that was escaped, or undefined if `escapeText` gives this for no text. */
export function unescapeText(escaped: string): string | undefined {
  if (SAFE.test(escaped)) return escaped;
  if (NEVER_WRITTEN.test(escaped)) return undefined;
  const text = percentDecode(escaped);
  // `%41` decodes to A, which is written as A: only one of the two may be read.
  return text !== undefined && escapeText(text) === escaped ? text : undefined;
}

function percentEncode(character: string): string {
  const code = character.charCodeAt(0);
  // encodeURIComponent leaves `_!*'()` alone, and `_` is what separates the segments of a key.
  return code < 0x80 ? `%${code.toString(16).toUpperCase().padStart(2, "0")}` : encodeURIComponent(character);
}

function percentDecode(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined; // bytes that are not UTF-8
  }
}
