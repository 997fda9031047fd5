import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import { NearkeyError } from "../spec/error.ts";

/** What was in flight at the end of the process took longer than allowed. */
export class ShutdownError extends NearkeyError {
  readonly code = "E_SHUTDOWN";
}

interface Closer {
  readonly what: string;
  readonly close: () => Promise<void>;
}

/** What has to be closed at the end: the newest first, for it builds on the older ones. */
export class Closing {
  readonly #closers: Closer[] = [];
  readonly #logger: Logger;
  #first: Closer | undefined;
  #begun = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** What comes when closing has begun is closed at once. */
  add(what: string, close: () => Promise<void>): void {
    const closer = { what, close };
    if (this.#begun) void this.#close(closer);
    else this.#closers.push(closer);
  }

  /** Like `add`, but it is closed before all others, also those that come later. */
  first(what: string, close: () => Promise<void>): void {
    this.#first = { what, close };
  }

  /** Closes everything. Throws `ShutdownError` if that takes longer than the deadline. */
  async run(deadlineMs: number): Promise<void> {
    this.#begun = true;
    const late = new AbortController();
    let doing = "";
    const closeAll = async (): Promise<"done"> => {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        doing = next.what;
        await this.#close(next);
      }
      return "done";
    };
    const ended = await Promise.race([closeAll(), pause(deadlineMs, "late" as const, { signal: late.signal })]);
    if (ended === "late") {
      throw new ShutdownError(`${doing} was not closed within ${deadlineMs} ms`, "Raise shutdownMs if it needs longer");
    }
    late.abort();
  }

  #next(): Closer | undefined {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#closers.pop();
  }

  async #close({ what, close }: Closer): Promise<void> {
    try {
      await close();
    } catch (err) {
      this.#logger.warn({ what, err }, "not-closed-cleanly");
    }
  }
}
