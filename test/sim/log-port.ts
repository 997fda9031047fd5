import type {
  InvalidationLog,
  LogListener,
  LogSlice,
  LogStart,
  Pulse,
  Subscription,
} from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError, LogUnknownError } from "../../src/ports/log-errors.ts";
import type { Position } from "../../src/protocol/position.ts";
import { beginCall, type Call } from "./call.ts";
import type { Link } from "./link.ts";
import type { LogServer } from "./log-server.ts";
import { TIMES } from "./times.ts";

/** As the log is set up; what is purged sooner is a fault. */
const RETENTION_MS = 3_600_000;

/** The log as one process sees it: behaves as `src/adapters/nats` does, with deadlines, retries under one id, and links that break. */
export class LogPort implements InvalidationLog {
  readonly #server: LogServer;
  readonly #link: Link;

  constructor(server: LogServer, link: Link) {
    this.#server = server;
    this.#link = link;
  }

  get connected(): boolean {
    return this.#link.isUp;
  }

  append(
    _kind: "announcement" | "tick",
    body: string,
    { id, deadlineMs }: { readonly id?: string; readonly deadlineMs: number },
  ): Promise<Position> {
    return this.#ask(deadlineMs, maybeStored, (call, resolve, reject) => {
      let attempts = 0;
      const attempt = (): void => {
        if (call.isOver) return;
        attempts++;
        this.#link.toServer(() =>
          this.#server.receive(this.#link, body, id, (answer) =>
            this.#link.toClient(() => {
              if (!call.end()) return;
              if (answer !== "refused") resolve(answer);
              else reject(attempts === 1 ? notStored() : maybeStored());
            }),
          ),
        );
        if (id !== undefined) this.#link.process.after(TIMES.attemptMs, attempt);
      };
      attempt();
    });
  }

  read(from: LogStart, limit: number, { deadlineMs }: { readonly deadlineMs: number }): Promise<LogSlice> {
    return this.#ask(deadlineMs, noAnswer, (call, resolve, reject) =>
      this.#link.toServer(() => {
        const slice = this.#server.read(this.#link, from, limit);
        this.#link.toClient(() => {
          if (!call.end()) return;
          if (slice === undefined) reject(noAnswer());
          else resolve(slice);
        });
      }),
    );
  }

  retentionMs({ deadlineMs }: { readonly deadlineMs: number }): Promise<number> {
    return this.#ask(deadlineMs, noAnswer, (call, resolve) =>
      this.#link.toServer(() =>
        this.#link.toClient(() => {
          if (call.end()) resolve(RETENTION_MS);
        }),
      ),
    );
  }

  requestPulse({ deadlineMs }: { readonly deadlineMs: number }): Promise<Pulse> {
    return this.#ask(deadlineMs, noAnswer, (call, resolve, reject) => {
      const tell = (pulse: Pulse | undefined): void =>
        this.#link.toClient(() => {
          if (!call.end()) return;
          if (pulse === undefined) reject(noAnswer());
          else resolve(pulse);
        });
      this.#link.toServer(() => this.#route(tell));
    });
  }

  servePulse(respond: () => Promise<Pulse>): Subscription {
    this.#link.responders.add(respond);
    return { close: () => void this.#link.responders.delete(respond) };
  }

  listen(listener: LogListener): Subscription {
    this.#link.listeners.add(listener);
    if (this.#link.isUp) this.#link.toClient(() => listener.connected());
    return { close: () => void this.#link.listeners.delete(listener) };
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  /** To one responder by chance; `tell` undefined where there is none, or it refuses. */
  #route(tell: (pulse: Pulse | undefined) => void): void {
    const responders = this.#server.respondersFor(this.#link);
    const of = responders[this.#link.chance.int(Math.max(1, responders.length))];
    if (of === undefined) {
      tell(undefined);
      return;
    }
    of.toClient(() => {
      const [respond] = of.responders;
      respond?.().then(
        (pulse) => of.toServer(() => tell(pulse)),
        () => of.toServer(() => tell(undefined)),
      );
    });
  }

  /** Fails at once while disconnected, when the link breaks, and at the deadline: with what `failure` makes. */
  #ask<T>(
    deadlineMs: number,
    failure: () => Error,
    send: (call: Call, resolve: (value: T) => void, reject: (error: Error) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#link.isUp) {
        reject(notStored());
        return;
      }
      const { waiting, process } = this.#link;
      const lose = (): void => {
        if (call.end()) reject(failure());
      };
      const call = beginCall(
        process,
        deadlineMs,
        () => reject(failure()),
        () => waiting.delete(lose),
      );
      waiting.add(lose);
      send(call, resolve, reject);
    });
  }
}

const notStored = (): Error => new LogUnavailableError("the log took nothing", "Try again");
const noAnswer = (): Error => new LogUnavailableError("the log does not answer", "Try again");
const maybeStored = (): Error => new LogUnknownError("the log did not say whether it stored it", "Try again");
