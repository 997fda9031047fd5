import { show } from "../../../spec/error.ts";
import type { TableName } from "./analysed.ts";
import type { Token } from "./lexer.ts";
import { Unclear } from "./unclear.ts";

const OPEN: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const CLOSE = new Set(Object.values(OPEN));

/** Reads tokens one after the other. Every method that expects something throws `Unclear`. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead];
  }

  /** Where the next token is. */
  get at(): number {
    return this.peek()?.at ?? this.#length;
  }

  next(): Token {
    const token = this.peek();
    if (token === undefined) throw new Unclear("the text ends too early", this.#length);
    this.#next++;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === "name" && token.text === word;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === "symbol" && token.text === symbol;
  }

  /** Takes these words if they are next. */
  takeWords(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.isWord(word, i))) return false;
    this.#next += words.length;
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#next++;
    return true;
  }

  words(...words: readonly string[]): void {
    if (!this.takeWords(...words)) this.refuse(words.join(" ").toUpperCase());
  }

  symbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.refuse(symbol);
  }

  name(what: string): string {
    const token = this.peek();
    if (token?.kind !== "name" && token?.kind !== "quoted") return this.refuse(what);
    return this.next().text;
  }

  tableName(): TableName {
    const first = this.name("a table");
    return this.takeSymbol(".")
      ? { keyspace: first, table: this.name("a table") }
      : { keyspace: undefined, table: first };
  }

  /** A list in which each entry follows a comma. */
  commaSeparated(read: () => void): void {
    do read();
    while (this.takeSymbol(","));
  }

  /** Passes over everything up to one of these, outside of any parentheses; returns what was passed. */
  skipTo(isEnd: (reader: TokenReader) => boolean): readonly Token[] {
    const from = this.#next;
    const open: string[] = [];
    while (this.peek() !== undefined && !(open.length === 0 && (isEnd(this) || this.isSymbol(";")))) {
      this.#follow(open);
      this.#next++;
    }
    if (open.length > 0) throw new Unclear(`${open.at(-1)} is missing`, this.#length);
    return this.#tokens.slice(from, this.#next);
  }

  refuse(expected: string): never {
    const token = this.peek();
    const found = token === undefined ? "the end of the text" : show(token.text);
    throw new Unclear(`${expected} was expected, and not ${found}`, this.at);
  }

  #follow(open: string[]): void {
    const token = this.peek();
    if (token?.kind !== "symbol") return;
    const closing = OPEN[token.text];
    if (closing !== undefined) open.push(closing);
    else if (CLOSE.has(token.text) && open.pop() !== token.text) this.refuse("a matching parenthesis");
  }
}
