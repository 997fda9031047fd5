import { SpecError } from "../spec/error.ts";
import type { Table } from "../spec/table.ts";
import { type TableSchemas, tableSchemas } from "./table-schemas.ts";

/** A table that may be written over HTTP, with the schemas of its bodies. */
export interface WritableTable {
  readonly table: Table;
  readonly schemas: TableSchemas;
}

/** By name, which is the first segment of its rows' paths. */
export type WritableTables = ReadonlyMap<string, WritableTable>;

/** Throws `SpecError` for two tables of one name. */
export function writableTables(tables: Iterable<Table>): WritableTables {
  const writable = new Map<string, WritableTable>();
  for (const table of tables) {
    if (writable.has(table.name)) {
      throw new SpecError(`two tables are called ${table.name}`, "Declare each table once and import it");
    }
    writable.set(table.name, { table, schemas: tableSchemas(table) });
  }
  return writable;
}
