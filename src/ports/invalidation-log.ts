import type { Epoch, Position, Sequence } from "../protocol/position.ts";
import type { Roster } from "./roster.ts";

/** A message as the log keeps it. */
export interface LogRecord {
  readonly epoch: Epoch;
  readonly sequence: Sequence;
  /** When the log stored it, on the log's clock, in the log's own words: with the sequence, it tells a record from one that took its place. */
  readonly storedAt: string;
  /** The same moment, in milliseconds since 1970. */
  readonly storedAtMs: number;
  /** The message as published; up to the protocol to understand. */
  readonly body: string;
}

/** The extent of the log at one moment. `first > last` means that it is empty. */
export interface LogExtent {
  readonly epoch: Epoch;
  readonly first: Sequence;
  readonly last: Sequence;
}

export interface LogSlice extends LogExtent {
  /** In order and without holes from `records[0]` on; may end before `last` where the limit was reached. */
  readonly records: readonly LogRecord[];
}

/** Where a read begins: at a sequence, or at the first record stored at or after a time (log's clock, milliseconds since 1970). */
export type LogStart = { readonly sequence: Sequence } | { readonly storedAtMs: number };

/** The answer of a pulse responder: a tick that was published after the request arrived, and acknowledged. */
export interface Pulse extends Position {
  readonly tick: string;
}

export interface LogListener {
  /** Every record of the log, live, in order; after a lost connection some may be missing, some may come twice. */
  record(record: LogRecord): void;
  /** The live feed is (again) connected, and receives from now on. Called at start too. */
  connected(): void;
  disconnected(): void;
}

/**
 * The invalidation log: an ordered, durable, numbered list of messages that every frontend hears.
 *
 * Contract, proven by `test/ports/invalidation-log.conformance.ts`: an acknowledged record is read by everyone at one
 * sequence of one epoch, in one order; sequences have no holes; `append` with the same `id` within two minutes stores one record.
 */
export interface InvalidationLog {
  /**
   * Stores a message. Resolves once it is durable. With an `id` it may be retried and is stored once; ticks carry none.
   * Throws `LogUnavailableError` (nothing stored) or `LogUnknownError` (it may be stored, now or later).
   */
  append(
    kind: "announcement" | "tick",
    body: string,
    options: { readonly id?: string; readonly deadlineMs: number },
  ): Promise<Position>;
  /** Hears every record. `close` ends it. */
  listen(listener: LogListener): Subscription;
  /** Reads stored records, at most `limit`. Throws `LogUnavailableError`. */
  read(from: LogStart, limit: number, options: { readonly deadlineMs: number }): Promise<LogSlice>;
  /** How long the log keeps what it stored, in milliseconds, as it is set up now; Infinity without such a limit. Throws `LogUnavailableError`. */
  retentionMs(options: { readonly deadlineMs: number }): Promise<number>;
  /** Asks whoever answers pulses for a proof. Throws `LogUnavailableError` when nobody answers in time. */
  requestPulse(options: { readonly deadlineMs: number }): Promise<Pulse>;
  /** Answers the pulse requests of others; each request goes to one of all responders. */
  servePulse(respond: () => Promise<Pulse>): Subscription;
  /** Who else is on this log, where it can tell. Caches and writers join it by themselves. */
  readonly roster?: Roster;
  /** True while the log can be reached, as far as this process knows. */
  readonly connected: boolean;
  close(): Promise<void>;
}

export interface Subscription {
  close(): void;
}
