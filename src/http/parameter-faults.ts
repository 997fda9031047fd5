import type { ColumnType } from "../spec/column-type.ts";
import { show } from "../spec/error.ts";
import { type Fault, HttpProblem } from "./problem.ts";

/** The fault of a text that is not the canonical text of any value of its type. */
export function wrongText(parameter: string, type: ColumnType | undefined, text: string | undefined): Fault {
  if (text === undefined) return { parameter, detail: "The percent-encoding is not UTF-8; use encodeURIComponent" };
  return { parameter, detail: `${show(text)} is not the canonical text of any ${type?.cql}` };
}

/** The fault of a name in the query that means nothing there: a misspelt `limit` must not give the whole list. */
export function unknownParameter(parameter: string, known: readonly string[]): Fault {
  return { parameter, detail: known.length === 0 ? "No query is understood here" : `Known are ${known.join(", ")}` };
}

/** Says all faults of the parameters at once. */
export function badParameters(errors: readonly Fault[]): HttpProblem {
  const said = errors.slice(0, 3).map(({ parameter, detail }) => `${parameter}: ${detail}`);
  return new HttpProblem("bad-parameter", { detail: said.join("; "), errors });
}
