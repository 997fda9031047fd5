import type { Clock } from "../../ports/clock.ts";
import type {
  InvalidationLog,
  LogListener,
  LogRecord,
  LogSlice,
  LogStart,
  Pulse,
  Subscription,
} from "../../ports/invalidation-log.ts";
import { LogUnavailableError } from "../../ports/log-errors.ts";
import type { Roster } from "../../ports/roster.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/message.ts";
import type { Position } from "../../protocol/position.ts";
import { MemoryLogFeed } from "./memory-log-feed.ts";
import { MemoryRoster } from "./memory-roster.ts";

/** What a participant needs of the log it belongs to. */
export interface MemoryLogHub {
  readonly clock: Clock;
  append(body: string, id: string | undefined): Position;
  read(from: LogStart, limit: number): LogSlice;
  /** Takes turns among all responders that can be reached. */
  nextResponder(): Responder | undefined;
  leave(participant: MemoryLogConnection): void;
  /** What everyone says of themselves who has joined the roster and can be reached. */
  introductions(): readonly string[];
}

export type Responder = () => Promise<Pulse>;

/** One participant's own way to a memory log; it can be cut. */
export interface MemoryLogParticipant extends InvalidationLog {
  readonly roster: Roster;
  /** Cuts it: the participant hears nothing, what it was about to hear is lost, and what it asks fails. */
  disconnect(): void;
  reconnect(): void;
}

export class MemoryLogConnection implements MemoryLogParticipant {
  readonly #hub: MemoryLogHub;
  readonly #feeds = new Set<MemoryLogFeed>();
  readonly #responders = new Set<Responder>();
  readonly roster: MemoryRoster = new MemoryRoster(() => {
    this.#throwIfCutOff();
    return this.#hub.introductions();
  });
  #connected = true;
  #closed = false;

  constructor(hub: MemoryLogHub) {
    this.#hub = hub;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get responders(): readonly Responder[] {
    return this.#connected ? [...this.#responders] : [];
  }

  get introductions(): readonly string[] {
    return this.#connected ? this.roster.introductions : [];
  }

  async append(kind: "announcement" | "tick", body: string, options: { readonly id?: string }): Promise<Position> {
    this.#throwIfCutOff();
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_MESSAGE_BYTES) {
      throw new LogUnavailableError(`The ${kind} has ${bytes} bytes`, `Keep it within ${MAX_MESSAGE_BYTES}`);
    }
    return this.#hub.append(body, options.id);
  }

  listen(listener: LogListener): Subscription {
    const feed = new MemoryLogFeed(listener);
    this.#feeds.add(feed);
    if (this.#connected) feed.connect();
    return {
      close: () => {
        this.#feeds.delete(feed);
        feed.close();
      },
    };
  }

  async read(from: LogStart, limit: number): Promise<LogSlice> {
    this.#throwIfCutOff();
    return this.#hub.read(from, limit);
  }

  /** What is kept is limited by number, and not by time. */
  async retentionMs(): Promise<number> {
    this.#throwIfCutOff();
    return Number.POSITIVE_INFINITY;
  }

  async requestPulse({ deadlineMs }: { readonly deadlineMs: number }): Promise<Pulse> {
    this.#throwIfCutOff();
    const respond = this.#hub.nextResponder();
    if (respond === undefined) throw new LogUnavailableError("Nobody answers pulses", "Start a frontend or a backend");
    const pulse = await this.#inTime(respond, deadlineMs);
    this.#throwIfCutOff();
    return pulse;
  }

  servePulse(respond: () => Promise<Pulse>): Subscription {
    const own: Responder = async () => {
      const pulse = await respond();
      this.#throwIfCutOff(); // an answer cannot leave here
      return pulse;
    };
    if (!this.#closed) this.#responders.add(own);
    return { close: () => void this.#responders.delete(own) };
  }

  /** A record was stored. */
  hear(record: LogRecord): void {
    if (this.#connected) for (const feed of this.#feeds) feed.record(record);
  }

  disconnect(): void {
    if (!this.#connected) return;
    this.#connected = false;
    for (const feed of this.#feeds) feed.disconnect();
  }

  reconnect(): void {
    if (this.#connected || this.#closed) return;
    this.#connected = true;
    for (const feed of this.#feeds) feed.connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#connected = false;
    for (const feed of this.#feeds) feed.close();
    this.#feeds.clear();
    this.#responders.clear();
    this.#hub.leave(this);
  }

  #inTime(respond: Responder, deadlineMs: number): Promise<Pulse> {
    return new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) =>
        reject(new LogUnavailableError(`No pulse: ${why}`, "Ask again", { cause }));
      const timer = this.#hub.clock.after(deadlineMs, () => fail(`no answer within ${deadlineMs} ms`));
      respond()
        .then(resolve, (cause: unknown) => fail("the responder failed", cause))
        .finally(() => timer.cancel());
    });
  }

  #throwIfCutOff(): void {
    if (this.#closed) throw new LogUnavailableError("This way to the log is closed", "Connect again");
    if (!this.#connected) throw new LogUnavailableError("The log cannot be reached", "Wait for the connection");
  }
}
