import { alignColumns } from "../print-table.ts";
import type { Plan } from "./plan.ts";
import { leftOutText } from "./tables-module.ts";

/** What was written, what of it is guessed, and what is not in it. */
export function summaryText({ keys, leftOut, tables }: Plan, written: readonly string[]): string {
  const rows = keys.map(({ guess, kind, table, template }) => [
    template,
    `${kind === "row" ? "a row" : "rows"} of ${table.table.name}`,
    guess === undefined ? "" : "a guess",
  ]);
  const notes = tables.flatMap(({ notes, table }) => notes.map((note) => `${table.name}: ${note}`));
  const keysFile = written.at(-1);
  return [
    `wrote ${written.join(" and ")}`,
    ...["", ...alignColumns(rows)],
    ...(notes.length > 0 ? ["", ...notes] : []),
    ...(leftOut.length > 0 ? ["", ...leftOut.map(leftOutText)] : []),
    ...["", `Next: nearkey keys ${keysFile}`],
  ].join("\n");
}
