import { toDriver } from "../../src/adapters/cassandra/codec.ts";
import type { ColumnType } from "../../src/spec/column-type.ts";
import { literalsOf } from "./literal-text.ts";

/** Chooses one of a few; how is the caller's. */
export type Pick = <T>(from: readonly T[]) => T;

/** A marker as the server should see it. */
export interface PrintedMarker {
  readonly name: string;
  /** As the server would name a `?` in its place: `id`, `in(id)`, `[ttl]`. */
  readonly place: string;
}

const BLANKS = [" ", " ", " ", "\n", "\t ", "/* ? it's \" */", " -- it's ? \"\n", " // ? ' \r\n", "/**/ "];

/** A CQL text under construction, its markers and their values, in order. */
export class StatementText {
  readonly #pick: Pick;
  readonly #named: boolean;
  readonly markers: PrintedMarker[] = [];
  readonly values: unknown[] = [];
  cql = "";

  constructor(pick: Pick) {
    this.#pick = pick;
    this.#named = pick([true, false, false]);
  }

  /** As the driver takes them: in order, or by name in any case. */
  get params(): unknown {
    if (!this.#named) return this.values;
    return Object.fromEntries(
      this.markers.map(({ name }, i) => [this.#pick([name, name.toUpperCase()]), this.values[i]]),
    );
  }

  words(text: string): this {
    for (const word of text.split(" ")) this.#add(this.#pick([word, word.toLowerCase()]) + this.#pick(BLANKS));
    return this;
  }

  raw(text: string): this {
    this.#add(text + this.#pick(["", " ", ...BLANKS]));
    return this;
  }

  /** Two words, or a number after a minus, do not run into each other. */
  #add(text: string): void {
    this.cql += (/[\w$-]$/.test(this.cql) && /^[\w$-]/.test(text) ? " " : "") + text;
  }

  name(name: string): this {
    return this.raw(this.#pick([name, name, name.toUpperCase(), `"${name}"`]));
  }

  /** Everything between commas. */
  list<T>(items: readonly T[], print: (item: T) => void): this {
    for (const [i, item] of items.entries()) {
      if (i > 0) this.raw(",");
      print(item);
    }
    return this;
  }

  /** The value of a key column: a marker, or a literal where it has one. */
  key(column: string, type: ColumnType, value: unknown): this {
    const literals = literalsOf(type, value);
    if (literals.length > 0 && this.#pick([true, false])) return this.raw(this.#pick(literals));
    return this.marker(column, this.#pick(boundForms(type, value)));
  }

  marker(place: string, value: unknown): this {
    const name = this.#named ? `m${this.markers.length}_${this.#pick(["x", "y"])}` : place;
    this.markers.push({ name, place });
    this.values.push(value);
    return this.raw(this.#named ? `:${this.#pick([name, name.toUpperCase(), `"${name}"`])}` : "?");
  }

  inMarker(column: string, type: ColumnType, values: readonly unknown[]): this {
    const bound = values.map((value) => toDriver(type, value));
    return this.marker(`in(${column})`, bound);
  }
}

/** What the driver coerces to the same value. */
function boundForms(type: ColumnType, value: unknown): readonly unknown[] {
  const exact = toDriver(type, value);
  switch (type.cql) {
    case "bigint":
    case "varint":
      return [exact, String(value), ...(Number.isSafeInteger(Number(value)) ? [Number(value)] : [])];
    case "int":
    case "smallint":
    case "tinyint":
      return [exact, String(value)];
    case "uuid":
    case "timeuuid":
      return [exact, String(value)];
    case "boolean":
      return [exact, value === true ? "yes" : 0];
    case "timestamp":
      return [exact, Date.parse(String(value))];
    default:
      return [exact];
  }
}
