import { type Client, types } from "cassandra-driver";
import { StoreReadError } from "../../ports/store-errors.ts";
import { deadlineIn } from "./deadline.ts";
import { readFailure } from "./failures.ts";
import type { LiveSchema } from "./live-schema.ts";
import { readLiveSchema } from "./read-live-schema.ts";
import { allRows, type ReadRun } from "./read-rows.ts";
import { textMap } from "./text-map.ts";

/** A keyspace and what is derived from its tables. */
export interface LiveKeyspace extends LiveSchema {
  readonly name: string;
  readonly views: readonly LiveView[];
  readonly indexes: readonly LiveIndex[];
}

/** A materialized view. */
export interface LiveView {
  readonly name: string;
  readonly of: string;
}

export interface LiveIndex {
  readonly name: string;
  readonly table: string;
  /** What is indexed, as CQL says it; empty where the index does not say. */
  readonly target: string;
}

const KEYSPACE_CQL = "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?";
const VIEWS_CQL = "SELECT view_name, base_table_name FROM system_schema.views WHERE keyspace_name = ?";
const INDEXES_CQL = "SELECT table_name, index_name, options FROM system_schema.indexes WHERE keyspace_name = ?";

/** All there is in a keyspace, over a connected client. Throws `StoreReadError`, also where there is no such keyspace. */
export async function readLiveKeyspace(client: Client, keyspace: string, deadlineMs: number): Promise<LiveKeyspace> {
  const options = { prepare: true, consistency: types.consistencies.localOne, isIdempotent: true };
  const run: ReadRun = { client, options, deadline: deadlineIn(deadlineMs) };
  try {
    return await read(run, keyspace);
  } catch (error) {
    throw error instanceof StoreReadError ? error : readFailure("the schema", error);
  }
}

async function read(run: ReadRun, keyspace: string): Promise<LiveKeyspace> {
  const ask = (cql: string) => allRows(run, cql, [keyspace]);
  const [found, schema, views, indexes] = await Promise.all([
    ask(KEYSPACE_CQL),
    readLiveSchema(run, keyspace),
    ask(VIEWS_CQL),
    ask(INDEXES_CQL),
  ]);
  if (found.length === 0) {
    throw new StoreReadError(`there is no keyspace ${keyspace}`, "Create it, or correct its name");
  }
  return {
    ...schema,
    name: keyspace,
    views: views.map((row) => ({ name: String(row.view_name), of: String(row.base_table_name) })),
    indexes: indexes.map((row) => ({
      name: String(row.index_name),
      table: String(row.table_name),
      target: textMap(row.options).get("target") ?? "",
    })),
  };
}
