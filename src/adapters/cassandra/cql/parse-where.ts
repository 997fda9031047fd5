import type { Relation } from "./analysed.ts";
import { isMarker, parseTerm, parseTerms } from "./parse-term.ts";
import { endsStatement } from "./statement-end.ts";
import type { TokenReader } from "./token-reader.ts";

const BOUNDS = ["<", "<=", ">", ">="];

/** `a = ? AND b IN (?, ?) AND c > ?` */
export function parseWhere(reader: TokenReader): readonly Relation[] {
  reader.words("where");
  const relations: Relation[] = [];
  do relations.push(parseRelation(reader));
  while (reader.takeWords("and"));
  return relations;
}

const endsRelation = (reader: TokenReader): boolean => reader.isWord("and") || endsStatement(reader);

/** Perhaps in parentheses, in a loop: their depth is not ours to choose. */
function parseRelation(reader: TokenReader): Relation {
  let open = 0;
  for (; reader.isSymbol("(") && !isColumnTuple(reader); open++) reader.symbol("(");
  const relation = reader.isSymbol("(") ? parseTuple(reader) : parseOneColumn(reader);
  for (; open > 0; open--) reader.symbol(")");
  return relation;
}

function parseOneColumn(reader: TokenReader): Relation {
  const { at } = reader;
  const column = reader.name("a key column");
  if (reader.takeSymbol("=")) return { kind: "equals", column, term: parseTerm(reader, endsRelation), at };
  if (reader.takeWords("in")) return parseIn(reader, column, at);
  if (!BOUNDS.some((bound) => reader.takeSymbol(bound))) return reader.refuse("=, IN or a bound");
  parseTerm(reader, endsRelation);
  return { kind: "slice", columns: [column], at };
}

function parseIn(reader: TokenReader, column: string, at: number): Relation {
  const marker = reader.peek();
  if (!isMarker(marker)) return { kind: "in", column, terms: parseTerms(reader), at };
  reader.next();
  return { kind: "inMarker", column, marker, at };
}

const isColumnTuple = (reader: TokenReader): boolean => reader.isSymbol(",", 2) || reader.isSymbol(")", 2);

function parseTuple(reader: TokenReader): Relation {
  const { at } = reader;
  const columns: string[] = [];
  reader.symbol("(");
  reader.commaSeparated(() => columns.push(reader.name("a column")));
  reader.symbol(")");
  if (!["=", ...BOUNDS].some((operator) => reader.takeSymbol(operator))) reader.words("in");
  if (reader.skipTo(endsRelation).length === 0) reader.refuse("a value");
  return { kind: "slice", columns, at };
}
