import { type LiveKeyspace, readLiveKeyspace } from "../adapters/cassandra/live-keyspace.ts";
import { type CassandraConfig, reachCassandra } from "./connect-cassandra.ts";

const DEADLINE_MS = 10_000;

/** Reads a keyspace and leaves. Throws `ConnectRefusedError`, `UnreachableError`, `StoreReadError`. */
export async function readKeyspace(config: CassandraConfig & { readonly keyspace: string }): Promise<LiveKeyspace> {
  const client = await reachCassandra(config);
  try {
    return await readLiveKeyspace(client, config.keyspace, DEADLINE_MS);
  } finally {
    await client.shutdown();
  }
}
