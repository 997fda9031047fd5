/** A table as the live keyspace has it. */
export interface LiveTable {
  readonly columns: ReadonlyMap<string, LiveColumn>;
  readonly defaultTtlSeconds: number;
}

export interface LiveColumn {
  /** As CQL writes it. */
  readonly type: string;
  readonly kind: "partition_key" | "clustering" | "static" | "regular";
  /** Among the columns of its kind in the key, from 0; -1 outside the key. */
  readonly position: number;
  readonly order: string;
}

export interface LiveSchema {
  readonly tables: ReadonlyMap<string, LiveTable>;
  /** The fields of each user-defined type, in order. */
  readonly types: ReadonlyMap<string, readonly LiveField[]>;
}

export interface LiveField {
  readonly name: string;
  /** As CQL writes it. */
  readonly type: string;
}

type Row = Readonly<Record<string, unknown>>;

export const TABLES_CQL = "SELECT table_name, default_time_to_live FROM system_schema.tables WHERE keyspace_name = ?";
export const COLUMNS_CQL =
  "SELECT table_name, column_name, type, kind, position, clustering_order FROM system_schema.columns WHERE keyspace_name = ?";
export const TYPES_CQL = "SELECT type_name, field_names, field_types FROM system_schema.types WHERE keyspace_name = ?";

/** Puts together what the three queries found. */
export function liveSchema(tables: readonly Row[], columns: readonly Row[], types: readonly Row[]): LiveSchema {
  const byTable = new Map<string, Map<string, LiveColumn>>();
  for (const row of columns) {
    const table = byTable.get(String(row.table_name)) ?? new Map<string, LiveColumn>();
    byTable.set(String(row.table_name), table.set(String(row.column_name), liveColumn(row)));
  }
  return {
    tables: new Map(
      tables.map(({ table_name, default_time_to_live }) => [
        String(table_name),
        { columns: byTable.get(String(table_name)) ?? new Map(), defaultTtlSeconds: Number(default_time_to_live) },
      ]),
    ),
    types: new Map(types.map((row) => [String(row.type_name), fieldsOf(row)])),
  };
}

function liveColumn({ type, kind, position, clustering_order }: Row): LiveColumn {
  const known = (["partition_key", "clustering", "static"] as const).find((each) => each === kind);
  return { type: String(type), kind: known ?? "regular", position: Number(position), order: String(clustering_order) };
}

function fieldsOf({ field_names, field_types }: Row): readonly LiveField[] {
  const [names, types] = [listOf(field_names), listOf(field_types)];
  return names.map((name, i) => ({ name: String(name), type: String(types[i]) }));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
