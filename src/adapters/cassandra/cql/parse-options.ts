import type { Term } from "./analysed.ts";
import { parseTerm } from "./parse-term.ts";
import { endsStatement } from "./statement-end.ts";
import type { TokenReader } from "./token-reader.ts";

interface Using {
  readonly ttl?: Term;
  readonly timestamp?: Term;
}

const ENDS = ["and", "set", "where"];
const endsValue = (reader: TokenReader): boolean => ENDS.some((word) => reader.isWord(word)) || endsStatement(reader);

/** `USING TTL ? AND TIMESTAMP ?`, in any order, or nothing. */
export function parseUsing(reader: TokenReader): Using {
  let using: Using = {};
  if (!reader.takeWords("using")) return using;
  do {
    const option = reader.isWord("ttl") ? "ttl" : "timestamp";
    reader.words(option);
    if (using[option] !== undefined) reader.refuse("each option once");
    using = { ...using, [option]: parseTerm(reader, endsValue) };
  } while (reader.takeWords("and"));
  return using;
}

/** `IF EXISTS` or `IF column = ?`. What it asks does not matter: the server decides, and only this partition is concerned. */
export function parseIf(reader: TokenReader): boolean {
  if (!reader.takeWords("if")) return false;
  if (reader.skipTo(endsStatement).length === 0) reader.refuse("a condition");
  return true;
}
