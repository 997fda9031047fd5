/** Code that stands on one line where that has room for it, else with each item on its own. */
export type Doc = string | Group;

export interface Group {
  /** What stands before the bracket, e.g. `clustering: `. */
  readonly head: string;
  readonly bracket: keyof typeof BRACKETS;
  readonly items: readonly Doc[];
  /** What stands behind it, e.g. `;`. */
  readonly tail: string;
}

const BRACKETS = { "(": ["(", ")"], "[": ["[", "]"], "{": ["{ ", " }"] } as const;
const LINE_WIDTH = 120;
const INDENT = "  ";

/** The code, no line wider than 120 characters where it can be broken. */
export function layOut(doc: Doc, indent = "", after = ""): string {
  const flat = flatten(doc);
  if (typeof doc === "string" || indent.length + flat.length + after.length <= LINE_WIDTH) return flat + after;
  const [open, close] = BRACKETS[doc.bracket].map((bracket) => bracket.trim());
  const inner = indent + INDENT;
  const lines = doc.items.map((item) => `${inner}${layOut(item, inner, ",")}`);
  return [`${doc.head}${open}`, ...lines, `${indent}${close}${doc.tail}${after}`].join("\n");
}

function flatten(doc: Doc): string {
  if (typeof doc === "string") return doc;
  const [open, close] = doc.items.length > 0 ? BRACKETS[doc.bracket] : [doc.bracket, BRACKETS[doc.bracket][1].trim()];
  return `${doc.head}${open}${doc.items.map(flatten).join(", ")}${close}${doc.tail}`;
}

/** A comment, its lines filled. A line break in it, as a name may hold, is a space. */
export function comment(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`// ${word}`);
  }
  return lines;
}
