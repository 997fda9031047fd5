import { show } from "../../../spec/error.ts";
import { isWellFormed } from "../../../spec/types/escape.ts";
import { Unclear } from "./unclear.ts";

/** Longer texts are refused; Cassandra's own warnings about batches begin far below. */
export const MAX_CQL_LENGTH = 65_536;

export type TokenKind = "name" | "quoted" | "string" | "integer" | "float" | "uuid" | "hex" | "duration" | "symbol";

/** `text` is what the token means: names in lower case where they are not quoted, strings without their quotes. */
export type Token =
  | { readonly kind: TokenKind; readonly text: string; readonly at: number; readonly end: number }
  | MarkerToken;

/** `?` or `:name`, numbered as the server numbers them: in order of appearance, a name that stands twice counting twice. */
export interface MarkerToken {
  readonly kind: "marker";
  readonly text: string;
  readonly index: number;
  readonly isNamed: boolean;
  readonly at: number;
  readonly end: number;
}

interface Rule {
  readonly kind: TokenKind | "blank";
  readonly pattern: RegExp;
  readonly meaning?: (source: string) => string;
}

const lower = (source: string): string => source.toLowerCase();
const unquoted =
  (quote: string) =>
  (source: string): string =>
    source.slice(1, -1).replaceAll(quote + quote, quote);

const UNIT = "(?:[yY]|[mM][oO]|[mM][sS]|[uU\u00b5][sS]|[nN][sS]|[wWdDhHmMsS])";

/** Cassandra's Lexer.g, the first that matches. A number that runs into a word is no token: two readers could part it in two ways. */
const RULES: readonly Rule[] = [
  { kind: "blank", pattern: /[ \t\r\n]+/y },
  { kind: "blank", pattern: /(?:--|\/\/)[^\r\n]*/y },
  { kind: "blank", pattern: /\/\*.*?\*\//sy },
  { kind: "string", pattern: /'(?:[^']|'')*'(?!')/y, meaning: unquoted("'") },
  { kind: "string", pattern: /\$\$.*?\$\$/sy, meaning: (source) => source.slice(2, -2) },
  { kind: "quoted", pattern: /"(?:[^"]|"")+"(?!")/y, meaning: unquoted('"') },
  { kind: "uuid", pattern: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)/iy, meaning: lower },
  { kind: "hex", pattern: /0[xX][0-9a-fA-F]*(?!\w)/y, meaning: lower },
  { kind: "duration", pattern: new RegExp(`-?[0-9]+${UNIT}(?:[0-9]+${UNIT})*(?!\\w)`, "y") },
  { kind: "duration", pattern: /-?P[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?!\w)/y },
  { kind: "integer", pattern: /-?[0-9]+(?![\w.])/y },
  { kind: "float", pattern: /-?[0-9]+(?:\.(?!\.)[0-9]*)?(?:[eE][+-]?[0-9]+)?(?![\w.])/y },
  { kind: "name", pattern: /[A-Za-z][A-Za-z0-9_]*/y, meaning: lower },
  { kind: "symbol", pattern: /<=|>=|!=|\+=|-=|\/(?!\*)|[-?:;,.()[\]{}=<>+*%]/y },
];

/** The tokens of a CQL text. Throws `Unclear`. */
export function tokensOf(cql: string): readonly Token[] {
  if (cql.length > MAX_CQL_LENGTH) throw new Unclear(`the text is longer than ${MAX_CQL_LENGTH} characters`, 0);
  // Sent as UTF-8, where half a surrogate pair becomes another character.
  if (!isWellFormed(cql)) throw new Unclear("the text holds half a surrogate pair", 0);
  const tokens: Token[] = [];
  const braces: string[] = [];
  let markers = 0;
  let at = 0;
  while (at < cql.length) {
    const found = tokenAt(cql, at);
    at = found.end;
    if (found.kind === "blank") continue;
    const token = { ...found, kind: found.kind };
    const last = tokens.at(-1);
    if (token.kind === "symbol" && token.text === "?") {
      tokens.push({ ...token, kind: "marker", text: "", index: markers++, isNamed: false });
    } else if (isName(token) && last !== undefined && isColon(last) && !separates(tokens, braces)) {
      tokens.pop();
      tokens.push({ ...token, kind: "marker", index: markers++, isNamed: true, at: last.at });
    } else {
      follow(braces, token);
      tokens.push(token);
    }
  }
  return tokens;
}

/** The first word, in lower case, or undefined where the text begins otherwise. Throws `Unclear`. */
export function firstWord(cql: string): string | undefined {
  let at = 0;
  while (at < cql.length) {
    const { end, kind, text } = tokenAt(cql, at);
    if (kind !== "blank") return kind === "name" ? text : undefined;
    at = end;
  }
  return undefined;
}

function tokenAt(cql: string, at: number): { kind: Rule["kind"]; text: string; at: number; end: number } {
  for (const { kind, meaning, pattern } of RULES) {
    pattern.lastIndex = at;
    const source = pattern.exec(cql)?.[0];
    if (source !== undefined) return { kind, text: meaning?.(source) ?? source, at, end: at + source.length };
  }
  throw new Unclear(`no CQL token begins with ${show(cql.slice(at, at + 12))}`, at);
}

const isName = ({ kind }: { readonly kind: string }): boolean => kind === "name" || kind === "quoted";
const isColon = ({ kind, text }: Token): boolean => kind === "symbol" && text === ":";

/** Within braces a colon after a value parts it from the next, `{'a': now()}`; anywhere else it begins a marker. */
function separates(tokens: readonly Token[], braces: readonly string[]): boolean {
  if (braces.at(-1) !== "{") return false;
  const before = tokens.at(-2);
  return before !== undefined && (before.kind !== "symbol" || ")]}".includes(before.text));
}

function follow(braces: string[], { kind, text }: Token): void {
  if (kind !== "symbol") return;
  if ("([{".includes(text)) braces.push(text);
  else if (")]}".includes(text)) braces.pop();
}
