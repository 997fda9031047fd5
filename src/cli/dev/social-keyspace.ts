import { readFile } from "node:fs/promises";
import type { Client } from "cassandra-driver";

const SCHEMA = new URL("../../../schema/social.cql", import.meta.url);

/** Makes the example's keyspace and tables if they are not there yet, on up to three nodes of every data center. */
export async function makeSocialKeyspace(client: Client, keyspace: string): Promise<void> {
  const nodesOf = new Map<string, number>();
  for (const host of client.hosts.values()) nodesOf.set(host.datacenter, (nodesOf.get(host.datacenter) ?? 0) + 1);
  const replication = [...nodesOf].map(([dc, nodes]) => `'${dc}': ${Math.min(3, nodes)}`).join(", ");
  await client.execute(
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', ${replication}}`,
  );
  await client.execute(`USE ${keyspace}`);
  for (const statement of statementsOf(await readFile(SCHEMA, "utf8"))) await client.execute(statement);
}

/** The statements of a CQL file that holds no strings with semicolons. */
function statementsOf(cql: string): readonly string[] {
  const withoutComments = cql.replace(/--.*$/gm, "");
  return withoutComments
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
