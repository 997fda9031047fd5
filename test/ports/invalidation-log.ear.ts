import { vi } from "vitest";
import type { InvalidationLog, LogListener, LogRecord, Subscription } from "../../src/ports/invalidation-log.ts";

/** A listener that remembers what it heard, in order. */
export class Ear implements LogListener {
  readonly heard: LogRecord[] = [];
  /** `+` for each `connected`, `-` for each `disconnected`. */
  turns = "";
  readonly #subscription: Subscription;

  constructor(log: InvalidationLog) {
    this.#subscription = log.listen(this);
  }

  /** An ear whose feed is connected. */
  static async on(log: InvalidationLog): Promise<Ear> {
    const ear = new Ear(log);
    await ear.until(() => ear.turns.endsWith("+"));
    return ear;
  }

  record(record: LogRecord): void {
    this.heard.push(record);
  }

  connected(): void {
    this.turns += "+";
  }

  disconnected(): void {
    this.turns += "-";
  }

  get bodies(): readonly string[] {
    return this.heard.map((record) => record.body);
  }

  get sequences(): readonly number[] {
    return this.heard.map((record) => record.sequence);
  }

  /** Waits until the condition holds; fails with what was heard. */
  async until(condition: () => boolean, timeout = 10_000): Promise<void> {
    await vi.waitUntil(condition, { timeout, interval: 2 }).catch((cause: unknown) => {
      throw new Error(`heard ${this.turns} and ${this.heard.length} records: ${this.sequences.slice(-20)}`, { cause });
    });
  }

  async untilHeard(count: number, timeout?: number): Promise<void> {
    await this.until(() => this.heard.length >= count, timeout);
  }

  close(): void {
    this.#subscription.close();
  }
}
