import { COLUMNS_CQL, type LiveSchema, liveSchema, TABLES_CQL, TYPES_CQL } from "./live-schema.ts";
import { allRows, type ReadRun } from "./read-rows.ts";

/** The tables and types of a keyspace, as the node asked has them; none where there is no such keyspace. */
export async function readLiveSchema(run: ReadRun, keyspace: string): Promise<LiveSchema> {
  const ask = (cql: string) => allRows(run, cql, [keyspace]);
  const [tables, columns, types] = await Promise.all([ask(TABLES_CQL), ask(COLUMNS_CQL), ask(TYPES_CQL)]);
  return liveSchema(tables, columns, types);
}
