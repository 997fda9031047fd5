import { show } from "../spec/error.ts";
import type { KeyAnswer, MutationAnswer } from "./keys-answer.ts";
import { alignColumns } from "./print-table.ts";

/** "What does this write evict?", in lines. */
export function mutationText(answer: MutationAnswer): string {
  const rows = [
    ...answer.keys.map(({ key, name }) => ["key", key, name]),
    ...answer.partitions.map(({ partition, names }) => ["partition", partition, `every key of it: ${listOf(names)}`]),
    ...answer.tables.map(({ table, names }) => ["table", table, `everything read from it: ${listOf(names)}`]),
  ];
  const lines = rows.length > 0 ? alignColumns(rows) : ["nothing: no declared key is read from that table"];
  if (rows.length === 0 || answer.viewsThatMayFollow.length === 0) return lines.join("\n");
  const views = `and every entry of ${listOf(answer.viewsThatMayFollow)} that read one of these (known only as it reads)`;
  return [...lines, views].join("\n");
}

const listOf = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "none declared");

/** "Who makes this key stale?", in lines. */
export function keyText(answer: KeyAnswer): string {
  return alignColumns([
    ["key", answer.key],
    ["declared as", `${answer.name}, ${answer.template}`],
    ["what", answer.kind],
    ...(Object.keys(answer.params).length > 0 ? [["parameters", valuesText(answer.params)]] : []),
    ["HTTP path", answer.httpPath],
    ...staleRows(answer),
  ]).join("\n");
}

function staleRows(answer: KeyAnswer): readonly (readonly string[])[] {
  const causes = [
    ...answer.rows.map(({ table, where }) => `a write to ${table}${whereText(where)}`),
    ...answer.partitions.map((name) => `a touch of partition ${name}: static columns, ranges, conditional writes`),
    ...answer.tables.map((name) => `a touch of table ${name}: truncate, or a write that cannot tell its partitions`),
    ...(answer.followsWhatItReads ? ["whatever makes a key stale that it read (known only as it reads)"] : []),
    ...(answer.ttlMs === undefined ? [] : [`its TTL of ${answer.ttlMs / 1000} s`]),
  ];
  return causes.map((cause, i) => [i === 0 ? "stale by" : "", cause]);
}

function whereText(where: Readonly<Record<string, unknown>>): string {
  return Object.keys(where).length > 0 ? ` where ${valuesText(where, " and ")}` : "";
}

function valuesText(values: Readonly<Record<string, unknown>>, separator = ", "): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${show(value)}`)
    .join(separator);
}
