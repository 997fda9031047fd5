import type { Subscription } from "../../ports/invalidation-log.ts";
import { LogConfigurationError } from "../../ports/log-errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { NatsHeaders, NatsLike, NatsMessage, NatsStatus } from "./connection.ts";
import { NatsFailure, natsFailure, permissionMissing } from "./failure.ts";
import type { Problems } from "./problems.ts";

/** Told when the connection comes and goes. */
export interface LinkWatcher {
  up(): void;
  down(): void;
}

/** At this many requests under way more are refused: whoever asks is not waiting for answers. */
const MAX_IN_FLIGHT = 10_000;
/** How long opening waits to learn whether the connection is up. */
const OPEN_MS = 2_000;

/**
 * The user's connection, with a `connected` flag of our own and requests that fail when it breaks.
 *
 * The client library buffers what is published while it is disconnected, and sends or drops it later; and it lets a request whose server
 * died wait for its timeout. Here nothing is sent while disconnected, and what is under way fails at once.
 */
export class NatsLink {
  readonly connection: NatsLike;
  readonly #telemetry: Telemetry | undefined;
  readonly #problems: Problems;
  readonly #statuses: AsyncIterator<NatsStatus>;
  readonly #watchers = new Set<LinkWatcher>();
  readonly #inFlight = new Set<() => void>();
  #connected = false;
  #closed = false;
  #lastError = "";

  private constructor(connection: NatsLike, problems: Problems, telemetry: Telemetry | undefined) {
    this.connection = connection;
    this.#problems = problems;
    this.#telemetry = telemetry;
    this.#statuses = connection.status()[Symbol.asyncIterator]();
  }

  static async open(connection: NatsLike, problems: Problems, telemetry: Telemetry | undefined): Promise<NatsLink> {
    const link = new NatsLink(connection, problems, telemetry);
    void link.#watchStatus();
    void connection.closed().then((error) => link.#end(error)); // 2.x does not end its statuses with the connection
    const up = connection.rtt().then(
      () => link.#up(),
      () => {}, // disconnected now; its status will say when it is up
    );
    await Promise.race([up, new Promise((resolve) => setTimeout(resolve, OPEN_MS).unref())]);
    return link;
  }

  get connected(): boolean {
    return this.#connected;
  }

  watch(watcher: LinkWatcher): Subscription {
    this.#watchers.add(watcher);
    return { close: () => void this.#watchers.delete(watcher) };
  }

  /** Asks for one answer. Throws `NatsFailure`. */
  request(subject: string, payload: string, timeoutMs: number, headers?: NatsHeaders): Promise<NatsMessage> {
    const timeout = Math.max(1, Math.ceil(timeoutMs));
    return this.#whileConnected(async () =>
      this.connection.request(subject, payload, headers === undefined ? { timeout } : { timeout, headers }),
    );
  }

  /** Asks for many answers; `take` says whether to wait for more. Throws `NatsFailure`. */
  gather(subject: string, payload: string, timeoutMs: number, take: (answer: NatsMessage) => boolean): Promise<void> {
    const maxWait = Math.max(1, Math.ceil(timeoutMs));
    return this.#whileConnected(async () => {
      for await (const answer of await this.connection.requestMany(subject, payload, { maxWait })) {
        if (!take(answer)) return;
      }
      throw new NatsFailure("timeout", `no end of the answers within ${maxWait} ms`);
    });
  }

  /** Resolves when the server has taken in everything sent before. */
  roundTrip(): Promise<unknown> {
    return this.#whileConnected(async () => this.connection.rtt());
  }

  /** Stops using the connection, and leaves it open. */
  close(): void {
    this.#closed = true;
    this.#down("closed by its owner");
    this.#watchers.clear();
    void this.#statuses.return?.(); // takes effect at the connection's next ping
  }

  #whileConnected<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#connected) throw new NatsFailure("disconnected", "there is no connection to NATS");
      if (this.#inFlight.size >= MAX_IN_FLIGHT) throw new NatsFailure("refused", `${MAX_IN_FLIGHT} requests under way`);
      const lose = () => {
        this.#inFlight.delete(lose); // the library's own promise ends with its timeout
        reject(new NatsFailure("lost", "the connection to NATS was lost"));
      };
      this.#inFlight.add(lose);
      ask()
        .then(resolve, (error: unknown) => reject(natsFailure(error)))
        .finally(() => this.#inFlight.delete(lose));
    });
  }

  async #watchStatus(): Promise<void> {
    for (let next = await this.#statuses.next(); !next.done; next = await this.#statuses.next()) {
      if (this.#closed) return;
      this.#note(next.value);
    }
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.#down("the connection was closed");
    const why = error instanceof Error ? error.message : "by its owner, or by the server refusing the login twice";
    this.#problems.report(
      new LogConfigurationError(`The connection to NATS has ended for good (${why})`, "Start this process again"),
    );
  }

  #note(status: NatsStatus): void {
    if (status.type === "error") this.#noteError(status);
    else if (status.type === "disconnect" || status.type === "staleConnection") this.#down(this.#lastError);
    else if (status.type === "reconnect") this.#up();
  }

  #noteError(status: NatsStatus): void {
    const denied = deniedSubject(status);
    if (denied === undefined) this.#lastError = errorText(status);
    else this.#problems.report(permissionMissing(denied)); // a denied publish shows nowhere else
  }

  #up(): void {
    if (this.#connected || this.#closed || this.connection.isClosed()) return;
    this.#connected = true;
    this.#lastError = "";
    this.#telemetry?.event("log-connected", { server: this.connection.getServer() });
    for (const watcher of this.#watchers) watcher.up();
  }

  #down(reason: string): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#telemetry?.event("log-disconnected", { reason: reason || "the connection broke" });
    for (const lose of this.#inFlight) lose();
    for (const watcher of this.#watchers) watcher.down();
  }
}

/** What was denied, as in `publish inv.shop.announcement`; undefined for another error. */
function deniedSubject({ permissionContext, error }: NatsStatus): string | undefined {
  if (permissionContext !== undefined) return `${permissionContext.operation} ${permissionContext.subject}`;
  if (!(error instanceof Error) || !("operation" in error) || !("subject" in error)) return undefined;
  return `${error.operation} ${error.subject}`;
}

function errorText({ data, error }: NatsStatus): string {
  if (error instanceof Error) return error.message;
  return typeof data === "string" ? data : "";
}
