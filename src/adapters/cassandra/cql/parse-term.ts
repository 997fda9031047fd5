import { show } from "../../../spec/error.ts";
import type { LiteralType, Marker, Term } from "./analysed.ts";
import type { Token } from "./lexer.ts";
import type { TokenReader } from "./token-reader.ts";

const LITERALS: ReadonlySet<string> = new Set<LiteralType>(["string", "integer", "float", "uuid", "hex"]);

const isLiteralType = (kind: string): kind is LiteralType => LITERALS.has(kind);

/** One value, which ends at a comma, a closing parenthesis, or where `isEnd` says. */
export function parseTerm(reader: TokenReader, isEnd: (reader: TokenReader) => boolean = () => false): Term {
  const { at } = reader;
  const tokens = reader.skipTo((r) => r.isSymbol(",") || r.isSymbol(")") || isEnd(r));
  const [first] = tokens;
  if (first === undefined) return reader.refuse("a value");
  return tokens.length === 1 ? termOf(first) : { kind: "other", reason: `an expression at ${show(first.text)}`, at };
}

function termOf(token: Token): Term {
  const { at, text } = token;
  if (token.kind === "marker") return token;
  if (isLiteralType(token.kind)) return { kind: "literal", type: token.kind, text, at };
  if (token.kind === "name" && (text === "true" || text === "false")) {
    return { kind: "literal", type: "boolean", text, at };
  }
  return { kind: "other", reason: show(text), at };
}

export function isMarker(token: Token | undefined): token is Marker {
  return token?.kind === "marker";
}

/** `(term, term, ...)`, perhaps empty. */
export function parseTerms(reader: TokenReader): readonly Term[] {
  reader.symbol("(");
  if (reader.takeSymbol(")")) return [];
  const terms: Term[] = [];
  reader.commaSeparated(() => terms.push(parseTerm(reader)));
  reader.symbol(")");
  return terms;
}
