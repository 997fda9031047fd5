import type { Values } from "../spec/mutation.ts";
import { columnOf, type Table } from "../spec/table.ts";
import { invalidBody, pointerTo } from "./body-faults.ts";
import type { Fault } from "./problem.ts";

/** What a body sets, without the key's columns: those may be repeated, but say what the path says. Throws `HttpProblem`. */
export function columnsToSet(table: Table, key: Values, body: Values): Values {
  const faults: Fault[] = Object.keys(key)
    .filter((column) => body[column] !== undefined && !sameInKeys(table, column, body[column], key[column]))
    .map((column) => ({
      pointer: pointerTo([column]),
      detail: "The path names another value; a key cannot be changed",
    }));
  if (faults.length > 0) throw invalidBody(faults);
  return Object.fromEntries(Object.entries(body).filter(([column]) => !Object.hasOwn(key, column)));
}

/** By key text, not by order: the decimals 1.1 and 1.10 are ordered alike, but are two partition keys. */
function sameInKeys(table: Table, column: string, a: unknown, b: unknown): boolean {
  const text = columnOf(table, column)?.keyText;
  return text !== undefined && text.write(a) === text.write(b);
}
