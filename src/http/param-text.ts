import type { ColumnType } from "../spec/column-type.ts";
import { escapeText } from "../spec/types/escape.ts";

/**
 * The value that a decoded text of a path or query stands for; undefined if it is not the canonical text of any. One value has one
 * text, so that one row has one URI: `42` and not `042`, a UUID in lower case.
 */
export function valueOfText(type: ColumnType | undefined, text: string | undefined): unknown {
  const escaped = text === undefined ? undefined : escapeText(text);
  return escaped === undefined ? undefined : type?.keyText?.parse(escaped);
}
