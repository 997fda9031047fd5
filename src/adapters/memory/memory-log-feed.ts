import type { LogListener, LogRecord } from "../../ports/invalidation-log.ts";

/** What one listener is about to hear, in order. It hears it in a microtask, never while the one who caused it is still at work. */
export class MemoryLogFeed {
  readonly #listener: LogListener;
  readonly #waiting: (() => void)[] = [];
  #scheduled = false;
  /** True between `connected` and `disconnected`, as the listener has heard them. */
  #live = false;
  #closed = false;

  constructor(listener: LogListener) {
    this.#listener = listener;
  }

  connect(): void {
    this.#tell(() => {
      this.#live = true;
      this.#listener.connected();
    });
  }

  record(record: LogRecord): void {
    this.#tell(() => this.#listener.record(record));
  }

  /** What was not heard yet is lost, as on a connection that breaks. */
  disconnect(): void {
    this.#waiting.length = 0;
    if (!this.#live) return;
    this.#tell(() => {
      this.#live = false;
      this.#listener.disconnected();
    });
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  #tell(what: () => void): void {
    if (this.#closed) return;
    this.#waiting.push(what);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    } finally {
      // A listener that throws is an error of its own; the next one in line still hears.
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
