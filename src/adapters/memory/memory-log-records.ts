import type { Clock } from "../../ports/clock.ts";
import type { LogExtent, LogRecord, LogSlice, LogStart } from "../../ports/invalidation-log.ts";
import { type Epoch, type Position, type Sequence, sequence } from "../../protocol/position.ts";

/** As long as the NATS stream remembers the ids of messages. */
const DUPLICATE_WINDOW_MS = 120_000;

/** One life of the log: its records, and the ids it has seen. Times are the log's own clock. */
export class MemoryLogRecords {
  readonly epoch: Epoch;
  readonly #clock: Clock;
  readonly #maxRecords: number;
  /** By sequence, from `#first` to `#last` without holes. */
  readonly #records = new Map<number, LogRecord>();
  readonly #seen = new Map<string, { readonly sequence: Sequence; readonly atMs: number }>();
  #first = 1;
  #last = 0;
  /** Tells a record from one that took its place within the same millisecond. */
  #stored = 0;

  constructor(epoch: Epoch, clock: Clock, maxRecords: number) {
    this.epoch = epoch;
    this.#clock = clock;
    this.#maxRecords = maxRecords;
  }

  get extent(): LogExtent {
    return { epoch: this.epoch, first: sequence(this.#first), last: sequence(this.#last) };
  }

  /** Where the message is, and the record if it was not stored before under this id. */
  append(body: string, id: string | undefined): { readonly at: Position; readonly stored: LogRecord | undefined } {
    const { monotonicMs, wallMs } = this.#clock.now();
    this.#forgetIds(monotonicMs);
    const seen = id === undefined ? undefined : this.#seen.get(id);
    if (seen !== undefined) return { at: { epoch: this.epoch, sequence: seen.sequence }, stored: undefined };
    const record = this.#store(body, wallMs);
    if (id !== undefined) this.#seen.set(id, { sequence: record.sequence, atMs: monotonicMs });
    return { at: { epoch: this.epoch, sequence: record.sequence }, stored: record };
  }

  read(from: LogStart, limit: number): LogSlice {
    const records: LogRecord[] = [];
    for (let at = this.#start(from); at <= this.#last && records.length < limit; at++) {
      const record = this.#records.get(at);
      if (record !== undefined) records.push(record);
    }
    return { ...this.extent, records };
  }

  /** Loses the records after `keepUpTo`, as a disk set back does: their sequences will be given again. */
  truncate(keepUpTo: number): void {
    while (this.#last > Math.max(0, keepUpTo)) this.#records.delete(this.#last--);
    this.#first = Math.min(this.#first, this.#last + 1);
    for (const [id, { sequence: at }] of this.#seen) if (at > keepUpTo) this.#seen.delete(id);
  }

  /** Drops the records up to `upTo`, as retention does. */
  purge(upTo: number): void {
    while (this.#first <= Math.min(upTo, this.#last)) this.#records.delete(this.#first++);
  }

  #start(from: LogStart): number {
    if ("sequence" in from) return Math.max(this.#first, from.sequence);
    for (const [at, { storedAtMs }] of this.#records) if (storedAtMs >= from.storedAtMs) return at;
    return this.#last + 1;
  }

  #store(body: string, wallMs: number): LogRecord {
    const at = sequence(++this.#last);
    const storedAt = `${new Date(wallMs).toISOString()}/${++this.#stored}`;
    const record = Object.freeze({ epoch: this.epoch, sequence: at, storedAt, storedAtMs: Math.floor(wallMs), body });
    this.#records.set(at, record);
    if (this.#records.size > this.#maxRecords) this.purge(this.#first);
    return record;
  }

  #forgetIds(nowMs: number): void {
    for (const [id, { atMs }] of this.#seen) {
      if (nowMs - atMs < DUPLICATE_WINDOW_MS && this.#seen.size <= this.#maxRecords) return;
      this.#seen.delete(id);
    }
  }
}
