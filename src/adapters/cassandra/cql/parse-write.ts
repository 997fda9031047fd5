import type { Term, WriteShape } from "./analysed.ts";
import { parseIf, parseUsing } from "./parse-options.ts";
import { parseTerm, parseTerms } from "./parse-term.ts";
import { parseWhere } from "./parse-where.ts";
import { type About, known } from "./refusal.ts";
import { endsStatement } from "./statement-end.ts";
import type { TokenReader } from "./token-reader.ts";

/** An INSERT, UPDATE or DELETE, whichever is next. `about` is told the table as soon as it is known. */
export function parseWrite(reader: TokenReader, about: About): WriteShape {
  if (reader.isWord("insert")) return parseInsert(reader, about);
  if (reader.isWord("update")) return parseUpdate(reader, about);
  return parseDelete(reader, about);
}

function parseInsert(reader: TokenReader, about: About): WriteShape {
  const { at } = reader;
  reader.words("insert", "into");
  const table = known(about, reader.tableName());
  if (reader.takeWords("json")) {
    const json = parseTerm(reader, (r) => r.isWord("default") || r.isWord("using") || endsStatement(r));
    const others = reader.takeWords("default", "unset") ? "unset" : "null";
    if (others === "null") reader.takeWords("default", "null");
    return {
      op: "insertJson",
      table,
      at,
      json,
      others,
      isConditional: parseIfNotExists(reader),
      ...parseUsing(reader),
    };
  }
  const values = parseValues(reader);
  return { op: "insert", table, at, values, isConditional: parseIfNotExists(reader), ...parseUsing(reader) };
}

function parseIfNotExists(reader: TokenReader): boolean {
  const isConditional = reader.isWord("if");
  if (isConditional) reader.words("if", "not", "exists");
  return isConditional;
}

function parseValues(reader: TokenReader): ReadonlyMap<string, Term> {
  const columns: string[] = [];
  reader.symbol("(");
  reader.commaSeparated(() => columns.push(reader.name("a column")));
  reader.symbol(")");
  reader.words("values");
  const terms = parseTerms(reader);
  const values = new Map(terms.map((term, i) => [columns[i] ?? "", term]));
  if (terms.length !== columns.length || values.size !== columns.length) reader.refuse("one value for each column");
  return values;
}

function parseUpdate(reader: TokenReader, about: About): WriteShape {
  const { at } = reader;
  reader.words("update");
  const table = known(about, reader.tableName());
  const using = parseUsing(reader);
  const set = new Set<string>();
  reader.words("set");
  reader.commaSeparated(() => set.add(parseAssignment(reader)));
  const where = parseWhere(reader);
  return { op: "update", table, at, set: [...set], where, isConditional: parseIf(reader), ...using };
}

/** Which column: `c = ?`, `c = c + ?`, `c += ?`, `c[?] = ?`, `c.field = ?`. */
function parseAssignment(reader: TokenReader): string {
  const column = parseCell(reader);
  if (!["=", "+=", "-="].some((operator) => reader.takeSymbol(operator))) reader.refuse("=");
  const value = reader.skipTo((r) => r.isSymbol(",") || r.isWord("where"));
  if (value.length === 0) reader.refuse("a value");
  return column;
}

/** A column, or one element or field of it. */
function parseCell(reader: TokenReader): string {
  const column = reader.name("a column");
  if (reader.takeSymbol(".")) reader.name("a field");
  else if (reader.takeSymbol("[")) {
    if (reader.skipTo((r) => r.isSymbol("]")).length === 0) reader.refuse("an element");
    reader.symbol("]");
  }
  return column;
}

function parseDelete(reader: TokenReader, about: About): WriteShape {
  const { at } = reader;
  reader.words("delete");
  const columns = new Set<string>();
  if (!reader.isWord("from")) reader.commaSeparated(() => columns.add(parseCell(reader)));
  reader.words("from");
  const table = known(about, reader.tableName());
  const using = parseUsing(reader);
  const where = parseWhere(reader);
  return { op: "delete", table, at, columns: [...columns], where, isConditional: parseIf(reader), ...using };
}
