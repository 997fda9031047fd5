import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import type { InvalidationLog, Subscription } from "../../ports/invalidation-log.ts";
import { LogConfigurationError, LogUnavailableError } from "../../ports/log-errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { Appender } from "./append.ts";
import type { NatsLike } from "./connection.ts";
import { type Deadline, deadlineIn } from "./deadline.ts";
import { DirectGet } from "./direct-get.ts";
import { unavailable } from "./failure.ts";
import { listen } from "./feed.ts";
import { JetStreamApi } from "./jetstream-api.ts";
import { NatsLink } from "./link.ts";
import { Problems } from "./problems.ts";
import { requestPulse, servePulse } from "./pulse.ts";
import { Reader } from "./read.ts";
import { rosterOver } from "./roster.ts";
import { maxAgeMs, type StreamSize } from "./stream-config.ts";
import { StreamKeeper } from "./stream-keeper.ts";
import { subjectsOf } from "./subjects.ts";

export interface NatsLogOptions extends StreamSize {
  /** Yours, of `nats` 2.x or `@nats-io/transport-node` 3.x, made with `natsConnectionOptions`. It is not closed with the log. */
  readonly connection: NatsLike;
  /** Keeps the logs of several deployments on one NATS apart: 1 to 32 letters, digits and hyphens. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** True for backends: the stream is made if there is none, also later. Frontends wait for it. Default false. */
  readonly create?: boolean | undefined;
  /** The JetStream domain, where the connection is to a leaf node. */
  readonly domain?: string | undefined;
  /** Hears `log-connected`, `log-disconnected` and `log-misconfigured`. */
  readonly telemetry?: Telemetry | undefined;
}

const START_MS = 5_000;
const OLDEST_SERVER = [2, 11] as const;

/**
 * The invalidation log on NATS JetStream.
 *
 * Throws `LogConfigurationError` if the stream, the permissions or the server are not as they must be. If NATS does not answer, or there is
 * no stream yet, it does not throw: the log is there, not available, and becomes so by itself.
 */
export async function createNatsLog(options: NatsLogOptions): Promise<InvalidationLog> {
  const { connection, clock, telemetry, entropy, create = false, domain } = options;
  const subjects = subjectsOf(options.namespace);
  checkVersion(connection);
  const problems = new Problems(clock, telemetry);
  const link = await NatsLink.open(connection, problems, telemetry);
  const api = new JetStreamApi(link, clock, domain);
  const isClustered = () => connection.info?.cluster !== undefined;
  const keeper = new StreamKeeper({
    api,
    clock,
    entropy,
    problems,
    subjects,
    size: options,
    create,
    isClustered,
  });
  await findStream(keeper, link, clock, problems);
  const appender = new Appender(link, clock, keeper, subjects);
  const directGet = new DirectGet(link, api, subjects.namespace);
  const reader = new Reader({ api, directGet, clock, keeper, subjects });
  const open = new OpenSubscriptions();
  const roster = rosterOver({ link, clock, subjects });
  return {
    append: (kind, body, opts) => appender.append(kind, body, opts),
    read: (from, limit, opts) => reader.read(from, limit, opts),
    retentionMs: ({ deadlineMs }) => retentionMs(api, keeper, deadlineIn(clock, deadlineMs)),
    listen: (listener) => open.keep(listen({ link, clock, problems, keeper, subjects }, listener)),
    requestPulse: ({ deadlineMs }) => requestPulse(link, subjects, deadlineMs),
    servePulse: (respond) => open.keep(servePulse({ link, clock, subjects }, respond)),
    roster: { join: (as) => open.keep(roster.join(as)), call: (options) => roster.call(options) },
    get connected() {
      return link.connected;
    },
    async close() {
      open.closeAll();
      keeper.close();
      link.close();
    },
  };
}

async function findStream(keeper: StreamKeeper, link: NatsLink, clock: Clock, problems: Problems): Promise<void> {
  try {
    await keeper.find(deadlineIn(clock, START_MS));
  } catch (error) {
    if (!(error instanceof LogUnavailableError)) {
      keeper.close();
      link.close();
      throw error;
    }
    problems.report(error);
    keeper.findInBackground();
  }
}

async function retentionMs(api: JetStreamApi, keeper: StreamKeeper, deadline: Deadline): Promise<number> {
  try {
    const { config } = await api.streamInfo(await keeper.find(deadline), deadline);
    return maxAgeMs(config);
  } catch (error) {
    throw unavailable("The stream cannot be looked up", error);
  }
}

function checkVersion(connection: NatsLike): void {
  const version = connection.info?.version;
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_SERVER;
  if (version === undefined || major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new LogConfigurationError(
    `The NATS server is of version ${version}`,
    `Update it to ${oldestMajor}.${oldestMinor} or later: older ones cannot read a batch of messages`,
  );
}

/** Ends with the log, also where the user did not end them. */
class OpenSubscriptions {
  readonly #open = new Set<Subscription>();

  keep(subscription: Subscription): Subscription {
    this.#open.add(subscription);
    return {
      close: () => {
        this.#open.delete(subscription);
        subscription.close();
      },
    };
  }

  closeAll(): void {
    for (const subscription of this.#open) subscription.close();
    this.#open.clear();
  }
}
