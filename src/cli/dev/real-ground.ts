import { Client } from "cassandra-driver";
import { connect, type NatsConnection } from "nats";
import { keys } from "../../../keyspec/index.ts";
import { createCassandraStore } from "../../adapters/cassandra/cassandra-store.ts";
import { cassandraClientOptions } from "../../adapters/cassandra/client-options.ts";
import { natsConnectionOptions } from "../../adapters/nats/connection-options.ts";
import { createNatsLog } from "../../adapters/nats/nats-log.ts";
import { systemClock as clock } from "../../adapters/system/clock.ts";
import { systemEntropy as entropy } from "../../adapters/system/entropy.ts";
import { createNearCache } from "../../engine/create-near-cache.ts";
import { createWriter } from "../../engine/create-writer.ts";
import type { NearCache } from "../../engine/near-cache.ts";
import type { Ground } from "./servers.ts";
import { makeSocialKeyspace } from "./social-keyspace.ts";
import type { StackAddresses } from "./stack-file.ts";

const KEYSPACE = "nearkey_dev";
const NAMESPACE = "dev";
const READY_WITHIN_MS = 15_000;

/** Everything but the processes is real: Cassandra, and a connection to NATS for the backend and for each frontend. */
export async function realGround({ cassandra, nats }: StackAddresses): Promise<Ground> {
  const client = new Client({ ...cassandra, ...cassandraClientOptions() });
  await client.connect();
  await makeSocialKeyspace(client, KEYSPACE);
  const store = createCassandraStore({ client, keyspace: KEYSPACE });
  const connections: NatsConnection[] = [];
  const openLog = async (create: boolean) => {
    const connection = await connect(natsConnectionOptions(nats.servers));
    connections.push(connection);
    return createNatsLog({ connection, namespace: NAMESPACE, clock, entropy, create });
  };
  const backendLog = await openLog(true);
  const writer = createWriter({ keys, store, log: backendLog, clock, entropy });
  writer.start();
  const logs = [await openLog(false), await openLog(false)] as const;
  const [first, second] = logs.map((log) => createNearCache({ keys, store, log, clock, entropy }));
  if (first === undefined || second === undefined) throw new Error("two frontends were asked for");
  const caches: readonly [NearCache, NearCache] = [first, second];
  for (const cache of caches) cache.start();
  await Promise.all(caches.map((cache) => cache.whenReady(READY_WITHIN_MS)));
  return {
    words: `Cassandra at ${cassandra.contactPoints.join(", ")}, NATS at ${nats.servers.join(", ")}`,
    store,
    writer,
    caches,
    close: async () => {
      await writer.close();
      await Promise.all(caches.map((cache) => cache.close()));
      await Promise.all([backendLog, ...logs].map((log) => log.close()));
      await Promise.all(connections.map((connection) => connection.close()));
      await client.shutdown();
    },
  };
}
