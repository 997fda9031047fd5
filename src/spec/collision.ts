import type { ColumnType } from "./column-type.ts";
import type { Segment } from "./template.ts";
import { escapeText } from "./types/escape.ts";
import { sharedText } from "./types/shared-text.ts";

/** Words and typed holes in a row: a key template with its parameters, or an HTTP path with them. */
export interface Pattern {
  readonly segments: readonly Segment[];
  readonly params: Readonly<Record<string, ColumnType>>;
}

/**
 * Words that both patterns can be filled to, or undefined if they never can: no text that a scalar writes holds a
 * separator, so patterns meet only segment by segment.
 */
export function sharedWords(a: Pattern, b: Pattern): readonly string[] | undefined {
  if (a.segments.length !== b.segments.length) return undefined;
  const words: string[] = [];
  for (const [i, left] of a.segments.entries()) {
    const right = b.segments[i];
    const word = right && sharedWord(a, left, b, right);
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words;
}

function sharedWord(a: Pattern, left: Segment, b: Pattern, right: Segment): string | undefined {
  if (left.kind === "literal" && right.kind === "literal") return left.text === right.text ? left.text : undefined;
  if (left.kind === "literal") return right.kind === "param" ? literalAs(left.text, b, right.name) : undefined;
  if (right.kind === "literal") return literalAs(right.text, a, left.name);
  const [of, other] = [a.params[left.name], b.params[right.name]];
  return of && other && sharedText(of, other);
}

/** A word of a path may hold characters, `_` among them, that a value in a key has escaped. */
function literalAs(text: string, of: Pattern, param: string): string | undefined {
  return of.params[param]?.keyText?.parse(escapeText(text) ?? text) === undefined ? undefined : text;
}
