import type { NamedKey } from "./catalog.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { KeyOptions } from "./key-options.ts";
import type { Table } from "./table.ts";

/** The key spec as data, for the dashboard and for other languages. `format` changes when this shape does. */
export interface ExportedKeys {
  readonly format: 1;
  readonly fingerprint: string;
  readonly tables: Readonly<Record<string, ExportedTable>>;
  readonly keys: readonly ExportedKey[];
}

export interface ExportedTable {
  readonly columns: Readonly<Record<string, string>>;
  readonly partition: readonly string[];
  readonly clustering: readonly { readonly column: string; readonly order: string }[];
  readonly static: readonly string[];
  readonly counter: boolean;
  readonly ttl: string;
}

export interface ExportedKey {
  readonly name: string;
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
  readonly kind: string;
  readonly first: number | null;
  readonly sources: readonly { readonly table: string; readonly bind: Readonly<Record<string, string>> }[];
  readonly httpPath: string;
  readonly options: KeyOptions;
}

/** The declared keys and tables as plain data, in the order declared. */
export function exportKeys(named: readonly NamedKey[], tables: ReadonlyMap<string, Table>): ExportedKeys {
  return {
    format: 1,
    fingerprint: fingerprintOf(named, tables),
    tables: Object.fromEntries([...tables.values()].map((table) => [table.name, exportTable(table)])),
    keys: named.map(exportKey),
  };
}

function exportTable(table: Table): ExportedTable {
  return {
    columns: Object.fromEntries(Object.entries(table.columns).map(([name, type]) => [name, type.cql])),
    partition: table.partition,
    clustering: table.clustering,
    static: table.static,
    counter: table.counter,
    ttl: table.ttl,
  };
}

function exportKey({ name, key }: NamedKey): ExportedKey {
  return {
    name,
    template: key.template.source,
    params: Object.fromEntries(Object.entries(key.params).map(([param, type]) => [param, type.cql])),
    kind: key.reading.kind,
    first: key.reading.kind === "rows" ? (key.reading.first ?? null) : null,
    sources: key.sources.map(({ table, bind }) => ({ table: table.name, bind })),
    httpPath: key.httpPath,
    options: key.options,
  };
}
