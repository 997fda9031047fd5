import { connect, ErrorCode, Events, type NatsConnection, NatsError } from "nats";
import type { Logger } from "pino";
import { natsConnectionOptions } from "../adapters/nats/connection-options.ts";
import type { ConfigValues } from "./config-schema.ts";
import { ConnectRefusedError, UnreachableError } from "./connect-error.ts";
import { keepTrying, type Trying } from "./keep-trying.ts";

/** How to reach NATS, and as whom. */
export type NatsConfig = Pick<ConfigValues, "natsServers" | "natsUser" | "natsPassword" | "natsToken"> & {
  /** What the process is, for the server's list of clients. */
  readonly role: string;
};

/** A connection to NATS, which mends itself from then on; tries until there is one. Throws `ConnectRefusedError` for a refused login. */
export function connectNats(config: NatsConfig, trying: Trying): Promise<NatsConnection> {
  return keepTrying(
    {
      what: "nats",
      done: "connected",
      where: config.natsServers.join(","),
      attempt: () => tryOnce(config),
      hopeless: refusal,
      reasonOf,
    },
    trying,
  );
}

/** A connection to NATS, at the first attempt or not at all. Throws `ConnectRefusedError`, `UnreachableError`. */
export async function reachNats(config: NatsConfig): Promise<NatsConnection> {
  try {
    return await tryOnce(config);
  } catch (error) {
    throw refusal(error) ?? new UnreachableError("NATS", reasonOf(error), { cause: error });
  }
}

function tryOnce({
  natsServers,
  natsUser: user,
  natsPassword: pass,
  natsToken: token,
  role,
}: NatsConfig): Promise<NatsConnection> {
  return connect({
    ...natsConnectionOptions(natsServers, `nearkey-${role}`),
    waitOnFirstConnect: false, // it would wait without a word
    ignoreAuthErrorAbort: true, // once it ran: a login refused for a while must not end every process at the same moment
    ...(user !== undefined && pass !== undefined && { user, pass }),
    ...(token !== undefined && { token }),
  });
}

/** Logs why a connection does not come back, e.g. a login that is refused by now; each reason once until it is back. */
export async function logErrors(connection: NatsConnection, logger: Logger): Promise<void> {
  let last = "";
  for await (const { type, data, permissionContext } of connection.status()) {
    if (type === Events.Reconnect) last = "";
    // What the permissions deny is told of by the log itself.
    if (type !== Events.Error || permissionContext !== undefined || String(data) === last) continue;
    last = String(data);
    logger.warn({ reason: last }, "nats-error");
  }
}

const REFUSALS: readonly string[] = [
  ErrorCode.AuthorizationViolation,
  ErrorCode.AuthenticationExpired,
  ErrorCode.AccountExpired,
  ErrorCode.BadAuthentication,
];

/** Whether the server refused the login; also of a connection that ended for good. */
export function refusal(error: unknown): Error | undefined {
  if (!(error instanceof NatsError) || !REFUSALS.includes(error.code)) return undefined;
  const remedy = "Give natsUser and natsPassword, or natsToken";
  return new ConnectRefusedError(`NATS refused the login: ${error.message}`, remedy, { cause: error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { chainedError } = error instanceof NatsError ? error : {};
  return chainedError === undefined ? error.message : `${error.message}: ${chainedError.message}`;
}
