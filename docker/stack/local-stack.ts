import { join } from "node:path";
import { type CassandraCluster, startCassandra } from "./cassandra.ts";
import type { ServerDiedError } from "./errors.ts";
import { type NatsCluster, startNats } from "./nats.ts";

export interface LocalStackOptions {
  /** Cassandra nodes in each data centre. Default 1. */
  readonly nodes?: number | undefined;
  /** Data centres, named dc1, dc2, ... Default 1. */
  readonly dcs?: number | undefined;
  /** NATS servers: 1, or 3 for a cluster. Default 1. */
  readonly nats?: 1 | 3 | undefined;
  /** Loopback address of the first Cassandra node. Default: one that no other stack uses. */
  readonly firstAddress?: string | undefined;
  /** Where clients are told that a Cassandra node is, e.g. behind a proxy. Default: at its address. */
  readonly clientAddress?: ((address: string) => string) | undefined;
  /** Client port of the first NATS server. Default: a free one. */
  readonly firstNatsPort?: number | undefined;
  /** Whether clients of a NATS cluster are told of its other servers, and so may go past a proxy. Default true. */
  readonly advertise?: boolean | undefined;
  /** Where the data lives; default: temporary folders that `close` removes. */
  readonly dir?: string | undefined;
  /** Start on the data that `dir` holds instead of emptying it. */
  readonly keep?: boolean | undefined;
  readonly log?: ((line: string) => void) | undefined;
  /** A server ended though no test asked it to. */
  readonly onDeath?: ((error: ServerDiedError) => void) | undefined;
  /** Aborting it ends a start that is under way, and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined;
}

export interface LocalStack {
  readonly cassandra: CassandraCluster;
  readonly nats: NatsCluster;
  /** Ends all servers. */
  close(): Promise<void>;
}

/** Cassandra and NATS as processes of this machine, both at once. If one cannot start, neither is left running. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  // The first failure ends the other start, and is the one that is thrown.
  const guard = async <T>(start: Promise<T>): Promise<T> => {
    try {
      return await start;
    } catch (error) {
      failed.abort(error);
      throw signal.reason;
    }
  };
  const [cassandra, nats] = await Promise.allSettled([
    guard(startCassandra({ ...cassandraPart(options), signal })),
    guard(startNats({ ...natsPart(options), signal })),
  ]);
  if (cassandra.status === "fulfilled" && nats.status === "fulfilled") return together(cassandra.value, nats.value);
  if (cassandra.status === "fulfilled") await cassandra.value.close();
  if (nats.status === "fulfilled") await nats.value.close();
  throw signal.reason;
}

function cassandraPart({ dir, nodes, dcs, firstAddress, clientAddress, keep, log, onDeath }: LocalStackOptions) {
  return { nodes, dcs, firstAddress, clientAddress, keep, log, onDeath, dir: dir && join(dir, "cassandra") };
}

function natsPart({ dir, nats, firstNatsPort, advertise, keep, log, onDeath }: LocalStackOptions) {
  return { nodes: nats, firstPort: firstNatsPort, advertise, keep, log, onDeath, dir: dir && join(dir, "nats") };
}

function together(cassandra: CassandraCluster, nats: NatsCluster): LocalStack {
  const close = async () => {
    await Promise.all([cassandra.close(), nats.close()]);
  };
  return { cassandra, nats, close };
}
