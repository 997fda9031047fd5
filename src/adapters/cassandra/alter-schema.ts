import { columnOf, type Table } from "../../spec/table.ts";
import { quoted, tableName } from "./cql-text.ts";
import type { LiveSchema } from "./live-schema.ts";
import { type Udt, udtsIn } from "./schema-differences.ts";

// CQL that would make a database what is declared, for a person to read and to run.

export function createTable(keyspace: string, table: Table, live: LiveSchema): string {
  const columns = Object.keys(table.columns).map((column) => columnCql(table, column));
  const partition = `(${table.partition.map(quoted).join(", ")})`;
  const key = [partition, ...table.clustering.map(({ column }) => quoted(column))].join(", ");
  const order = table.clustering.map(({ column, order }) => `${quoted(column)} ${order.toUpperCase()}`).join(", ");
  const create = `CREATE TABLE ${tableName(keyspace, table)} (${[...columns, `PRIMARY KEY (${key})`].join(", ")})`;
  return [
    ...createTypes(keyspace, table, Object.keys(table.columns), live),
    table.clustering.length === 0 ? create : `${create} WITH CLUSTERING ORDER BY (${order})`,
  ].join("; ");
}

export function addColumn(keyspace: string, table: Table, column: string, live: LiveSchema): string {
  const add = `ALTER TABLE ${tableName(keyspace, table)} ADD ${columnCql(table, column)}`;
  return [...createTypes(keyspace, table, [column], live), add].join("; ");
}

export const forbidTtl = (keyspace: string, table: Table): string =>
  `ALTER TABLE ${tableName(keyspace, table)} WITH default_time_to_live = 0`;

/** Fields can be added behind those that there are; undefined where that is not enough. */
export function addFields(keyspace: string, { fields, name }: Udt, have: readonly string[]): string | undefined {
  if (have.some((field, i) => field !== fields[i])) return undefined;
  const added = fields.slice(have.length).map(fieldCql);
  return added.map((field) => `ALTER TYPE ${quoted(keyspace)}.${quoted(name)} ADD ${field}`).join("; ");
}

function columnCql(table: Table, column: string): string {
  const type = columnOf(table, column)?.cql ?? "";
  return `${quoted(column)} ${type}${table.static.includes(column) ? " STATIC" : ""}`;
}

/** The types that these columns hold and that are not there yet, the inner ones first. */
function createTypes(keyspace: string, table: Table, columns: readonly string[], live: LiveSchema): readonly string[] {
  const held = columns.flatMap((column) => {
    const type = columnOf(table, column);
    return type === undefined ? [] : udtsIn(type);
  });
  // Each follows those that hold it: from the end on, each is created before it is held.
  const missing = new Map(held.reverse().flatMap(({ fields, name }) => (live.types.has(name) ? [] : [[name, fields]])));
  return [...missing].map(
    ([name, fields]) =>
      `CREATE TYPE IF NOT EXISTS ${quoted(keyspace)}.${quoted(name)} (${fields.map(fieldCql).join(", ")})`,
  );
}

/** `street text` with its name quoted: a field may be named by a reserved word. */
function fieldCql(field: string): string {
  const [name = ""] = field.split(" ", 1);
  return `${quoted(name)}${field.slice(name.length)}`;
}
