/** The options that `nats` 2.x and `@nats-io/transport-node` 3.x both take, and that nearkey depends on. */
export interface NatsConnectionOptions {
  readonly servers: string[];
  readonly name: string;
  readonly waitOnFirstConnect: true;
  readonly maxReconnectAttempts: -1;
  readonly reconnectTimeWait: number;
  readonly reconnectJitter: number;
  readonly timeout: number;
  readonly pingInterval: number;
  readonly maxPingOut: number;
  readonly noAsyncTraces: true;
}

/**
 * How nearkey wants its NATS connection; add your credentials and TLS. Give each process one connection, and nearkey its own.
 *
 * A refused login still ends it, at the second refusal in a row: waiting would hide it.
 *
 * @example
 * const connection = await connect({ ...natsConnectionOptions("nats://10.0.0.1:4222", "shop-frontend"), user, pass });
 */
export function natsConnectionOptions(servers: string | readonly string[], name = "nearkey"): NatsConnectionOptions {
  return {
    servers: typeof servers === "string" ? servers.split(",").map((server) => server.trim()) : [...servers],
    name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1, // the default gives up after ten, for good
    reconnectTimeWait: 200,
    reconnectJitter: 300,
    timeout: 2_000,
    pingInterval: 1_000, // a half-open link is seen within three seconds; by default within six minutes
    maxPingOut: 2,
    noAsyncTraces: true, // a stack for each request costs more than the request
  };
}
