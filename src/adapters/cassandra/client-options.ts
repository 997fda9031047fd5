import { type ClientOptions, policies } from "cassandra-driver";
import { driverEncoding } from "./codec.ts";

/** The pause between tries to reach a node again. The driver's own grows to ten minutes: a node that is back would stay unused for as long. */
const RECONNECT_EVERY_MS = 1_000;

/**
 * What nearkey wants of a cassandra-driver client: maps that keep their keys, and nodes that are used again soon after they are back.
 *
 * @example
 * const client = new Client({ contactPoints: ["10.0.0.1"], localDataCenter: "dc1", ...cassandraClientOptions() });
 */
export function cassandraClientOptions(): Pick<ClientOptions, "encoding" | "policies"> {
  return {
    encoding: driverEncoding,
    policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(RECONNECT_EVERY_MS) },
  };
}
