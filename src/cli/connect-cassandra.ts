import { Client, errors, policies } from "cassandra-driver";
import { cassandraClientOptions } from "../adapters/cassandra/client-options.ts";
import type { ConfigValues } from "./config-schema.ts";
import { ConnectRefusedError, UnreachableError } from "./connect-error.ts";
import { keepTrying, type Trying } from "./keep-trying.ts";

/** How to reach Cassandra, and as whom. */
export type CassandraConfig = Pick<
  ConfigValues,
  "contactPoints" | "localDc" | "cassandraUser" | "cassandraPassword"
> & {
  /** What the process is, for the server's list of clients. */
  readonly role: string;
};

/** A connected client; tries until there is one. Throws `ConnectRefusedError` for a login or data centre that is wrong. */
export function connectCassandra(config: CassandraConfig, trying: Trying): Promise<Client> {
  return keepTrying(
    {
      what: "cassandra",
      done: "connected",
      where: config.contactPoints.join(","),
      attempt: () => connectOnce(config),
      hopeless: (error) => refusal(config, error),
      reasonOf,
    },
    trying,
  );
}

/** A connected client, at the first attempt or not at all. Throws `ConnectRefusedError`, `UnreachableError`. */
export async function reachCassandra(config: CassandraConfig): Promise<Client> {
  try {
    return await connectOnce(config);
  } catch (error) {
    throw refusal(config, error) ?? new UnreachableError("Cassandra", reasonOf(error), { cause: error });
  }
}

const connectOnce = async (config: CassandraConfig): Promise<Client> =>
  connected(config, { localDataCenter: config.localDc ?? (await onlyDataCenter(config)) });

type ClientOptions = ConstructorParameters<typeof Client>[0];

/** A client of its own for each attempt: names are resolved anew. */
async function connected(config: CassandraConfig, options: Partial<ClientOptions>): Promise<Client> {
  const { cassandraUser: username, cassandraPassword: password } = config;
  const client = new Client({
    contactPoints: [...config.contactPoints],
    applicationName: `nearkey-${config.role}`,
    ...cassandraClientOptions(),
    ...(username !== undefined && password !== undefined && { credentials: { username, password } }),
    ...options,
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown().catch(() => {}); // it may not have got so far as to have anything to end
    throw error;
  }
}

/** The driver wants to be told. Where there is only one there is nothing to choose; among several, a guess could be far away. */
async function onlyDataCenter(config: CassandraConfig): Promise<string> {
  const loadBalancing = new policies.loadBalancing.RoundRobinPolicy();
  const client = await connected(config, { policies: { loadBalancing }, pooling: { warmup: false } });
  const names = [...new Set(client.hosts.values().map((host) => host.datacenter))];
  await client.shutdown();
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new ConnectRefusedError(
    `Cassandra has the data centres ${names.join(", ")}`,
    "Give as localDc the nearest one",
  );
}

function refusal(config: CassandraConfig, error: unknown): Error | undefined {
  if (error instanceof ConnectRefusedError) return error;
  const causes = [error, ...hostErrors(error).map(([, cause]) => cause)];
  if (causes.some((cause) => cause instanceof errors.AuthenticationError)) {
    const who = config.cassandraUser === undefined ? "a login is needed" : `user ${config.cassandraUser} is refused`;
    return new ConnectRefusedError(`Cassandra: ${who}`, "Give cassandraUser and cassandraPassword", { cause: error });
  }
  const wrongDc = causes.find((cause) => cause instanceof errors.ArgumentError);
  if (!(wrongDc instanceof errors.ArgumentError)) return undefined;
  return new ConnectRefusedError(`Cassandra: ${firstLine(wrongDc)}`, "Give the localDc that is meant", {
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  const byHost = hostErrors(error);
  if (byHost.length === 0) return firstLine(error);
  return byHost.map(([host, cause]) => `${host}: ${firstLine(cause)}`).join("; ");
}

/** What each host said, for an error that sums them up. */
function hostErrors(error: unknown): readonly (readonly [string, unknown])[] {
  return error instanceof errors.NoHostAvailableError ? Object.entries(Object(error.innerErrors)) : [];
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
