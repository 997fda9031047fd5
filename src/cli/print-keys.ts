import type { Catalog, NamedKey } from "../spec/catalog.ts";
import type { AnyKey, Source } from "../spec/key.ts";
import { bindsPartition } from "../spec/partition.ts";
import { alignColumns } from "./print-table.ts";

/** Every declared key on a line: its name, its template, its HTTP path, what it is, and what makes it stale. */
export function keysText(catalog: Catalog): string {
  const lines = alignColumns([["NAME", "KEY", "HTTP PATH", "WHAT", "STALE WHEN"], ...catalog.keys.map(cellsOf)]);
  const count = `${catalog.keys.length} keys of ${catalog.tables.size} tables, fingerprint ${catalog.fingerprint}`;
  return [...lines, "", count].join("\n");
}

function cellsOf({ name, key }: NamedKey): readonly string[] {
  return [name, key.template.source, key.httpPath, kindOf(key), staleWhen(key)];
}

function kindOf({ reading }: AnyKey): string {
  return reading.kind === "rows" && reading.first !== undefined ? `first ${reading.first} rows` : reading.kind;
}

function staleWhen(key: AnyKey): string {
  const sources = key.sources.map((source) => sourceText(key, source));
  if (key.reading.kind !== "view") return sources.join("; ");
  const ttl = key.options.ttlMs === undefined ? [] : [`after ${key.options.ttlMs / 1000} s`];
  return [["what it reads", ...sources].join(", and "), ...ttl].join(", or ");
}

/** `friendships.user_id ← {id}`: a write to this table makes stale the key with the row's column for its parameter. */
function sourceText(key: AnyKey, source: Source): string {
  const bound = Object.entries(source.bind).map(([column, param]) => `${column} ← {${param}}`);
  if (bound.length === 0) return `any write to ${source.table.name}`;
  const text = `${source.table.name}.${bound.join(", ")}`;
  if (bound.length === Object.keys(key.params).length) return text;
  return bindsPartition(source) ? `${text} (its whole partition)` : `any write to ${source.table.name}`;
}
