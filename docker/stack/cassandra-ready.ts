import { Client, policies, type types } from "cassandra-driver";
import { cqlPort } from "./cassandra-conf.ts";
import { accepts } from "./ports.ts";

/** Whether the node answers CQL. */
export async function answersCql(address: string): Promise<boolean> {
  return (await accepts({ address, port: cqlPort })) && (await schemaSeenBy(address)).length > 0;
}

/** Whether every node lists all others, with the same schema: before that, creating a keyspace goes wrong. */
export async function ringIsFormed(addresses: readonly string[]): Promise<boolean> {
  const seen = await Promise.all(addresses.map(schemaSeenBy));
  const versions = new Set(seen.flat());
  return seen.every((list) => list.length === addresses.length) && versions.size === 1 && !versions.has("");
}

/** The schema version of the node and of each peer that it knows fully; "" where it knows none. */
async function schemaSeenBy(address: string): Promise<readonly string[]> {
  return onOneNode(address, async (client) => {
    const local = await client.execute("SELECT schema_version FROM system.local");
    const peers = await client.execute("SELECT host_id, tokens, schema_version FROM system.peers_v2");
    const known = peers.rows.filter((row) => row.get("host_id") !== null && row.get("tokens") !== null);
    return [...local.rows, ...known].map(schemaVersion);
  });
}

function schemaVersion(row: types.Row): string {
  return String(row.get("schema_version") ?? "");
}

/** A client that asks this node and no other. */
async function onOneNode<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing;
  const client = new Client({
    contactPoints: [`${address}:${cqlPort}`],
    policies: { loadBalancing: new AllowListPolicy(new RoundRobinPolicy(), [`${address}:${cqlPort}`]) },
    socketOptions: { connectTimeout: 3_000, readTimeout: 3_000 },
    isMetadataSyncEnabled: false,
  });
  try {
    return await use(client);
  } finally {
    await client.shutdown();
  }
}
