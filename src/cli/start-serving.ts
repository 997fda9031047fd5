import type { NatsConnection } from "nats";
import type { Logger } from "pino";
import { createCassandraStore } from "../adapters/cassandra/cassandra-store.ts";
import { createNatsLog } from "../adapters/nats/nats-log.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createPinoTelemetry } from "../adapters/system/pino-telemetry.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Store } from "../ports/store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { KeySet } from "../spec/catalog.ts";
import type { Assemble } from "./assemble.ts";
import { checkSchema } from "./check-schema.ts";
import type { Closing } from "./closing.ts";
import type { Config } from "./config.ts";
import { connectCassandra } from "./connect-cassandra.ts";
import { connectNats, logErrors, refusal } from "./connect-nats.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Reached } from "./reached.ts";
import { NatsEndedError } from "./start-error.ts";

export interface Start {
  readonly config: Config;
  readonly keys: KeySet;
  readonly logger: Logger;
  readonly closing: Closing;
  readonly door: FrontDoor;
  readonly reached: Reached;
  /** Ends the looking for servers. */
  readonly signal: AbortSignal;
}

/**
 * Reaches Cassandra and NATS, opens the door, and goes on until the connection to NATS ends for good, which is an error. Throws what stands
 * in the way, such as an `AssumptionError`.
 */
export async function startServing(start: Start, assemble: Assemble): Promise<never> {
  const { config, keys, logger, closing, door, signal } = start;
  const telemetry = createPinoTelemetry(logger);
  const [store, connection] = await Promise.all([openStore(start), openNats(start)]);
  const log = await openLog(start, connection, telemetry);
  signal.throwIfAborted();
  const served = assemble({ config, keys, store, log, logger, telemetry });
  closing.add(config.role === "backend" ? "the writer" : "the cache", () => served.close());
  door.serve(served);
  logger.info({ keyspace: config.keyspace, namespace: config.namespace }, "serving");
  const ended = connection.closed();
  await Promise.race([served.ready, ended]);
  const error = await ended;
  throw (
    refusal(error) ??
    new NatsEndedError("The connection to NATS was closed for good", "Look at the server's log", { cause: error })
  );
}

async function openStore(start: Start): Promise<Store> {
  const { config, logger, closing } = start;
  const client = await connectCassandra(config, start);
  client.on("hostDown", (host: { address: string }) => logger.warn({ host: host.address }, "cassandra-host-down"));
  client.on("hostUp", (host: { address: string }) => logger.info({ host: host.address }, "cassandra-host-up"));
  start.reached.note("cassandra");
  closing.add("the Cassandra client", () => client.shutdown());
  const { keyspace, readLevel: strongRead, serialLevel: serial, writeLevel: write } = config;
  const store = createCassandraStore({ client, keyspace, level: { strongRead, serial, write } });
  await checkSchema(store, start, start);
  return store;
}

async function openNats(start: Start): Promise<NatsConnection> {
  const connection = await connectNats(start.config, start);
  start.reached.note("nats");
  void logErrors(connection, start.logger);
  start.closing.add("the NATS connection", () => connection.close());
  return connection;
}

async function openLog(
  { config, closing }: Start,
  connection: NatsConnection,
  telemetry: Telemetry,
): Promise<InvalidationLog> {
  const { namespace, replicas, role } = config;
  const log = await createNatsLog({
    connection,
    namespace,
    telemetry,
    replicas,
    clock: systemClock,
    entropy: systemEntropy,
    create: role === "backend" && config.createStream,
  });
  closing.add("the invalidation log", () => log.close());
  return log;
}
