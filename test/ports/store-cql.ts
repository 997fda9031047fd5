import type { ColumnType } from "../../src/spec/column-type.ts";
import type { Table } from "../../src/spec/table.ts";

/** The CQL that creates these tables and the types they use, in an order that works. */
export function createStatements(keyspace: string, tables: readonly Table[]): readonly string[] {
  const types = tables.flatMap((table) => Object.values(table.columns).flatMap((type) => createTypes(keyspace, type)));
  return [...new Set(types), ...tables.map((table) => createTable(keyspace, table))];
}

function createTable(keyspace: string, table: Table): string {
  const columns = Object.entries(table.columns).map(
    ([name, type]) => `"${name}" ${type.cql}${table.static.includes(name) ? " STATIC" : ""}`,
  );
  const clustering = table.clustering.map(({ column }) => `, "${column}"`).join("");
  const key = `PRIMARY KEY ((${table.partition.map((c) => `"${c}"`).join(", ")})${clustering})`;
  const order = table.clustering.map(({ column, order }) => `"${column}" ${order}`).join(", ");
  const options = order === "" ? "" : ` WITH CLUSTERING ORDER BY (${order})`;
  return `CREATE TABLE ${keyspace}."${table.name}" (${[...columns, key].join(", ")})${options}`;
}

function createTypes(keyspace: string, { shape }: ColumnType): readonly string[] {
  if (shape.kind !== "udt") return [];
  const fields = Object.entries(shape.fields).map(([name, type]) => `"${name}" ${type.cql}`);
  return [`CREATE TYPE IF NOT EXISTS ${keyspace}."${shape.name}" (${fields.join(", ")})`];
}
