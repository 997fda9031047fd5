import type { Subject } from "../protocol/names.ts";
import type { AnyKey } from "../spec/key.ts";
import { partitionsOf } from "../spec/read-plan.ts";

/** What a key's value is a copy of: its text, and the partitions and tables that may be touched instead of it. */
export function subjectOf(key: AnyKey, keyText: string, params: Readonly<Record<string, unknown>>): Subject {
  return { key: keyText, partitions: partitionsOf(key, params), tables: tablesOf(key) };
}

const tablesByKey = new WeakMap<AnyKey, readonly string[]>();

function tablesOf(key: AnyKey): readonly string[] {
  const known = tablesByKey.get(key);
  if (known !== undefined) return known;
  const tables = [...new Set(key.sources.map((source) => source.table.name))];
  tablesByKey.set(key, tables);
  return tables;
}
