import { LRUCache } from "lru-cache";
import type { Values } from "../../spec/mutation.ts";
import { columnOf, type Table } from "../../spec/table.ts";
import { toDriver } from "./codec.ts";

/** CQL with its markers, and where the value of each marker comes from. The driver prepares it at its first use. */
export interface Statement {
  readonly cql: string;
  readonly markers: readonly Marker[];
}

/** The values of which group stands at this marker, and of which column. */
export interface Marker {
  readonly from: string;
  readonly column: string;
}

/** What the markers draw from: the values of a mutation or plan, by group. */
export type Bindings = Readonly<Record<string, Values | undefined>>;

/** The parameters of a statement, in the driver's types. Throws `ValueError`. */
export function bind(table: Table, { markers }: Statement, values: Bindings): unknown[] {
  return markers.map(({ from, column }) => {
    const type = columnOf(table, column);
    const value = values[from]?.[column];
    return type === undefined ? value : toDriver(type, value);
  });
}

export const markersOf = (from: string, columns: readonly string[]): readonly Marker[] =>
  columns.map((column) => ({ from, column }));

/** So many shapes are kept; more of them means columns chosen at random, which the driver's own cache survives too. */
const MAX_STATEMENTS = 500;

/** Statements by table and shape, so that the CQL of a read or write is put together once. */
export class StatementCache<S> {
  readonly #statements = new LRUCache<string, { readonly statement: S }>({ max: MAX_STATEMENTS });
  readonly #tables = new WeakMap<Table, number>();
  #lastTable = 0;

  get(table: Table, shape: string, make: () => S): S {
    const key = `${this.#numberOf(table)} ${shape}`;
    const found = this.#statements.get(key);
    if (found !== undefined) return found.statement;
    const statement = make();
    this.#statements.set(key, { statement });
    return statement;
  }

  get size(): number {
    return this.#statements.size;
  }

  /** Two tables of one name may differ in their columns. */
  #numberOf(table: Table): number {
    const number = this.#tables.get(table) ?? ++this.#lastTable;
    this.#tables.set(table, number);
    return number;
  }
}
