import type { Marker } from "./analysed.ts";
import type { PreparedStatement, Stored } from "./prepared-statement.ts";
import { Unclear } from "./unclear.ts";

/** The values that one execution binds to the markers of its text. */
export class BoundValues {
  readonly #values: readonly unknown[];
  readonly #prepared: PreparedStatement;
  readonly #stored: Stored;

  /** Throws `Unclear` where the values are not one to each marker. */
  constructor(prepared: PreparedStatement, params: unknown, stored: Stored) {
    this.#values = inOrder(prepared, params);
    this.#prepared = prepared;
    this.#stored = stored;
  }

  /** What the server will store, as the driver reads it back; undefined for null and unset. Throws `Unclear`. */
  stored({ at, index }: Marker): unknown {
    try {
      return this.#stored(this.#values[index], this.#prepared.columns[index]?.type);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Unclear(`the driver cannot send the value of marker ${index + 1}: ${reason}`, at);
    }
  }
}

function inOrder({ columns }: PreparedStatement, params: unknown): readonly unknown[] {
  const values = Array.isArray(params) ? params : byName(columns, params);
  if (values.length === columns.length) return values;
  throw new Unclear(`${values.length} values for ${columns.length} markers`, 0);
}

/** As the driver does: names given are put in lower case, and looked up as the server names the markers. */
function byName(columns: PreparedStatement["columns"], params: unknown): readonly unknown[] {
  const given = new Map(Object.entries(Object(params)).map(([name, value]) => [name.toLowerCase(), value]));
  return columns.map(({ name }) => {
    if (!given.has(name)) throw new Unclear(`no value is given for ${name}`, 0);
    return given.get(name);
  });
}
