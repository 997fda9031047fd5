import type { NamedKey } from "./catalog.ts";
import type { AnyKey, Source } from "./key.ts";
import { bindsPartition } from "./partition.ts";
import type { Table } from "./table.ts";

/** Counts up when the text of some value inside a key changes between versions of nearkey. */
const TEXT_FORMAT = 1;

/**
 * What decides the names that a write touches, digested: two specs with one fingerprint derive the same keys, partitions
 * and tables from every write. What does not decide them is left out: the order of declarations, the names of keys and parameters,
 * how a key is read, options, columns outside the key.
 */
export function fingerprintOf(named: readonly NamedKey[], tables: ReadonlyMap<string, Table>): string {
  const derivations = named.flatMap(({ key }) => key.sources.map((source) => derivation(key, source)));
  const parts = [...tables.values()].map(partitionRule).concat(derivations);
  return digest(JSON.stringify([TEXT_FORMAT, [...new Set(parts)].sort()]));
}

/** The partition a write touches, and the columns that make it touch one. */
function partitionRule(table: Table): string {
  const partition = table.partition.map((column) => typed(table, column));
  return JSON.stringify(["partition", table.name, partition, [...table.static].sort()]);
}

/** What a row written to this table touches: a key made of its columns, or where it does not tell the key, all there may be. */
function derivation(key: AnyKey, source: Source): string {
  const { table, bind } = source;
  const columns = new Map(Object.entries(bind).map(([column, param]) => [param, column]));
  if (columns.size < Object.keys(key.params).length) {
    return JSON.stringify([bindsPartition(source) ? "every key of the partition" : "every key", table.name]);
  }
  const segments = key.template.segments.map((segment) => {
    if (segment.kind === "literal") return segment.text;
    const column = columns.get(segment.name);
    return column === undefined ? null : [typed(table, column)];
  });
  return JSON.stringify(["key", table.name, segments]);
}

const typed = (table: Table, column: string): string => `${column} ${table.columns[column]?.cql}`;

/** FNV-1a, 64 bits: names a version, guards against nothing. */
function digest(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
