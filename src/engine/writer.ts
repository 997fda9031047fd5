import type { Position } from "../protocol/position.ts";
import type { Mutation } from "../spec/mutation.ts";
import type { Touches } from "../spec/touches.ts";
import type { Send } from "./run-write.ts";

/** Writes to the database and announces what it made stale: a fence before, the keys after. Made by `createWriter`. */
export interface Writer {
  /**
   * Does one mutation, or several as one batch. Resolves when the database has it and the log has its keys.
   *
   * Throws, having written nothing: `MutationError`, `TooManyNamesError`, `FenceFailedError`, `WriteRefusedError`, `OverloadedError`,
   * `AssumptionError`, `NotCheckedError`, `ClosedError`.
   * Throws, with the write done or perhaps done: `WriteUnknownError`, `NotAnnouncedError` (goes on announcing).
   */
  write(mutations: Mutation | readonly Mutation[]): Promise<Written>;
  /**
   * Does a write of your own between its fence and its keys, with the writer's timestamp. Resolves and throws as `write`, but what `send` throws.
   *
   * @example
   * const touches = { keys: [keys.user.text({ id: 42 })], partitions: [], tables: [], about: ["users"] };
   * await writer.around({ touches, isConditional: false, send: async ({ timestampMicros }) => ({ applied: await load(timestampMicros) }) });
   */
  around(write: OwnWrite): Promise<Written>;
  statistics(): WriterStatistics;
  /** Begins to answer pulses, and to check what writing rests on; without it that is checked at the first write. */
  start(): void;
  /** True once what writing rests on was found to hold. */
  readonly ready: boolean;
  /** Waits until ready, at most `deadlineMs` and until `close`. True if it is. Throws `AssumptionError`. */
  whenReady(deadlineMs: number): Promise<boolean>;
  /** Finishes what is in flight, and what is still to be announced as far as `deadlineMs` allows. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}

/** A write that the writer announces and does not make. */
export interface OwnWrite {
  /** All that it makes stale; a name too many costs a load. */
  readonly touches: Touches;
  /** True for a lightweight transaction, which may be decided by a later read. */
  readonly isConditional: boolean;
  readonly send: Send;
}

export interface Written {
  /** False if a condition did not hold. */
  readonly applied: boolean;
  /** Where the keys are in the log: what a reader waits for to see this write. Undefined if it could not be announced, and was allowed not to be. */
  readonly position: Position | undefined;
  readonly timestampMicros: number;
}

export interface WriterStatistics {
  readonly written: number;
  readonly refused: number;
  readonly unknown: number;
  readonly notAnnounced: number;
  /** Announcements still being tried. */
  readonly pending: number;
  readonly ticks: number;
}
