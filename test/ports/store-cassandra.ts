import { setTimeout as pause } from "node:timers/promises";
import { Client, types } from "cassandra-driver";
import { type CassandraStoreOptions, createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { driverEncoding } from "../../src/adapters/cassandra/codec.ts";
import { createStatements } from "./store-cql.ts";
import type { StoreUnderTest } from "./store-subject.ts";
import { tables } from "./store-tables.ts";

/** What the tests need of a running Cassandra. */
export interface RunningCassandra {
  readonly cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string };
  /** Creates a keyspace and gives its name. */
  keyspace(): Promise<string>;
}

export function connectTo({
  cassandra: { contactPoints, localDataCenter },
}: Pick<RunningCassandra, "cassandra">): Client {
  return new Client({ contactPoints: [...contactPoints], localDataCenter, encoding: driverEncoding });
}

/** Creates tables in a keyspace, by default those of `store-tables.ts`. */
export async function createTables(client: Client, keyspace: string, chosen = tables): Promise<void> {
  const options = { consistency: types.consistencies.localOne, readTimeout: 60_000 };
  for (const cql of createStatements(keyspace, chosen)) await client.execute(cql, [], options);
}

/** A Cassandra store over a new keyspace that holds the tables of `store-tables.ts`. */
export async function openCassandra(
  real: RunningCassandra,
  level?: CassandraStoreOptions["level"],
): Promise<StoreUnderTest & { readonly client: Client; readonly keyspace: string }> {
  const keyspace = await real.keyspace();
  const client = connectTo(real);
  await createTables(client, keyspace);
  const store = createCassandraStore({ client, keyspace, level });
  const elapse = async (ms: number): Promise<void> => {
    await pause(ms);
  };
  return { client, keyspace, store, elapse, close: () => client.shutdown() };
}
