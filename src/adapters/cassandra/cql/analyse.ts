import type { Analysed, AnalysedWrite, SchemaChange, WriteShape } from "./analysed.ts";
import { firstWord, tokensOf } from "./lexer.ts";
import { parseUsing } from "./parse-options.ts";
import { isMarker } from "./parse-term.ts";
import { parseWrite } from "./parse-write.ts";
import { type About, known, orRefusal } from "./refusal.ts";
import { TokenReader } from "./token-reader.ts";

/** No rows are written by these, whatever follows. */
const OTHERS = ["use", "grant", "revoke", "list", "describe", "desc", "add"];
/** Of roles and users no rows are kept that a key could read. */
const NO_SCHEMA = ["role", "user", "identity"];

/**
 * What one CQL text does. Never throws: what is not fully understood is refused.
 *
 * @example
 * analyse("DELETE FROM friendships WHERE user_id = ? AND friend_id IN (7, 8)")
 */
export function analyse(cql: string): Analysed {
  return orRefusal((about) => {
    const word = firstWord(cql); // of what writes nothing the length does not matter
    if (word === "select") return { kind: "read" };
    if (word !== undefined && OTHERS.includes(word)) return { kind: "other" };
    const tokens = tokensOf(cql);
    const analysed = parse(new TokenReader(tokens, cql.length), about);
    return analysed.kind === "write" ? { ...analysed, markers: tokens.filter(isMarker).length } : analysed;
  });
}

function parse(reader: TokenReader, about: About): Analysed {
  if (["create", "alter", "drop"].some((word) => reader.takeWords(word))) return parseSchemaChange(reader);
  const analysed = reader.isWord("begin") ? parseBatch(reader) : writeOf([parseOne(reader, about)]);
  reader.takeSymbol(";");
  if (reader.peek() !== undefined) reader.refuse("the end of the statement");
  return analysed;
}

function parseOne(reader: TokenReader, about: About): WriteShape {
  if (["insert", "update", "delete"].some((word) => reader.isWord(word))) return parseWrite(reader, about);
  const { at } = reader;
  if (!reader.takeWords("truncate")) return reader.refuse("a statement of CQL");
  // A table may itself be called `table`: the word is one only where a name follows.
  const hasWord = (reader.isWord("table") || reader.isWord("columnfamily")) && reader.peek(1) !== undefined;
  if (hasWord && !reader.isSymbol(".", 1) && !reader.isSymbol(";", 1)) reader.next();
  return { op: "truncate", table: known(about, reader.tableName()), at, isConditional: false };
}

function parseBatch(reader: TokenReader): AnalysedWrite {
  reader.words("begin");
  if (!reader.takeWords("unlogged")) reader.takeWords("counter");
  reader.words("batch");
  const using = parseUsing(reader);
  const statements: WriteShape[] = [];
  while (!reader.isWord("apply")) {
    // The table of one statement says nothing of the next.
    statements.push(parseWrite(reader, {}));
    reader.takeSymbol(";");
  }
  reader.words("apply", "batch");
  const batch = writeOf(statements.map((each) => ({ ...using, ...each })));
  return { ...batch, isBatch: true, timestamp: using.timestamp === undefined ? batch.timestamp : "own" };
}

function writeOf(statements: readonly WriteShape[]): AnalysedWrite {
  const timestamp = statements.some((each) => each.timestamp !== undefined) ? "own" : "none";
  return { kind: "write", statements, isBatch: false, markers: 0, timestamp };
}

function parseSchemaChange(reader: TokenReader): Analysed {
  if (NO_SCHEMA.some((word) => reader.isWord(word))) return { kind: "other" };
  const everything: SchemaChange = { kind: "schema" };
  if (!reader.takeWords("table") && !reader.takeWords("columnfamily")) return everything;
  if (!reader.takeWords("if", "not", "exists")) reader.takeWords("if", "exists");
  return { kind: "schema", table: reader.tableName() };
}
