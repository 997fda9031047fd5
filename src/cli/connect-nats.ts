import { connect, ErrorCode, type NatsConnection, NatsError } from "nats";
import { natsConnectionOptions } from "../adapters/nats/connection-options.ts";
import type { Config } from "./config.ts";
import { ConnectRefusedError } from "./connect-error.ts";
import { keepTrying, type Trying } from "./keep-trying.ts";

/** A connection to NATS, which mends itself from then on; tries until there is one. Throws `ConnectRefusedError` for a refused login. */
export function connectNats(config: Config, trying: Trying): Promise<NatsConnection> {
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

function tryOnce({
  natsServers,
  natsUser: user,
  natsPassword: pass,
  natsToken: token,
  role,
}: Config): Promise<NatsConnection> {
  return connect({
    ...natsConnectionOptions(natsServers, `nearkey-${role}`),
    waitOnFirstConnect: false, // it would wait without a word
    ...(user !== undefined && pass !== undefined && { user, pass }),
    ...(token !== undefined && { token }),
  });
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
