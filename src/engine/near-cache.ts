import type { Instant } from "../protocol/instant.ts";
import type { Position } from "../protocol/position.ts";
import type { AnyKey, Key } from "../spec/key.ts";
import type { Touches } from "../spec/touches.ts";
import type { CacheStatistics } from "./statistics.ts";

/**
 * A near cache: the values of declared keys, in this process's memory, never silently stale. Made by `createNearCache`.
 *
 * What it hands out is readonly and frozen.
 */
export interface NearCache {
  /**
   * The value of a key: from memory if it is there and proven current, else from the database. Throws `StoreReadError`,
   * `OverloadedError`, `ListTooLongError`, `UndeclaredKeyError`, `ClosedError`, `AssumptionError`, and what a view's loader throws.
   *
   * @example
   * const { position } = await writer.write(update(users, { id: 42 }, { name: "Ada" }));
   * await cache.get(keys.user, { id: 42 }, { minPosition: position }); // "Ada", on every frontend
   */
  get<V, A>(key: Key<V, A>, params: A, options?: GetOptions): Promise<V>;
  /** Many values of one key in the order asked; what is missing is read in one round. */
  getMany<V, A>(key: Key<V, A>, params: readonly A[], options?: GetOptions): Promise<readonly V[]>;
  /** The entry of a key's text, if it may be served to a request that arrived at `now`; else undefined. Synchronous, allocates nothing. */
  peek(keyText: string, now: Instant): Entry | undefined;
  /** Reads the value anew, and stores it. */
  refresh<V, A>(key: Key<V, A>, params: A): Promise<V>;
  /** Like `get`, with everything an HTTP answer says about where the value came from. */
  answer(key: AnyKey, params: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<Answer>;
  /** One page of a list, from the entry where it holds the page, else from the database. */
  page(
    key: AnyKey,
    params: Readonly<Record<string, unknown>>,
    page: PageRequest,
    options?: AnswerOptions,
  ): Promise<PageAnswer>;
  /** Drops what a write of this process made stale, at once, without waiting for the log. */
  touch(touches: Touches): void;
  /** The last position applied; undefined before the log was first reached. */
  position(): Position | undefined;
  /** How old an answer from memory can be at most, in milliseconds; Infinity without proof. */
  proofAgeMs(now: Instant): number;
  /** True once the log was replayed to its head, a first proof came, and what all that rests on was found to hold. */
  readonly ready: boolean;
  statistics(): CacheStatistics;
  /** Begins to follow the log; `ready` tells when it has caught up. Once more does nothing; throws `ClosedError` after `close`. */
  start(): void;
  /** Waits until ready, at most `deadlineMs` and until `close`. True if it is. Throws `AssumptionError`. */
  whenReady(deadlineMs: number): Promise<boolean>;
  /** Forgets everything. Loads under way settle and are not kept; what is asked for after it is refused with `ClosedError`. */
  close(): Promise<void>;
}

/** A value held in memory. */
export interface Entry {
  readonly value: unknown;
  /** Its JSON text, made once. */
  readonly json: string;
  /** A strong entity tag over `json`, with quotes. */
  readonly etag: string;
  /** For a list cut at `maxRows`: true, and `value` is its first page. */
  readonly partial: boolean;
  /** When it ends, on the monotonic clock. */
  readonly expiresAtMs: number;
}

/** What a reader may ask for, to read its own writes. */
export interface GetOptions {
  /**
   * The answer must reflect every write whose keys are at or before this position: what `Writer.write` resolved with. Until it is applied
   * here the database is read, strongly and past the cache.
   */
  readonly minPosition?: Position | undefined;
  /** How long to wait for that position before the database is read, in milliseconds; at most `maxWaitMs` of the cache. Default 0. */
  readonly waitMs?: number | undefined;
}

export interface AnswerOptions extends GetOptions {
  /** When the request arrived; default now. */
  readonly arrivedAt?: Instant;
  /** Read the database and answer from that, as `refresh` does. */
  readonly fresh?: boolean;
}

/** How an answer was come by. */
export type Source =
  /** From memory, proven. */
  | "hit"
  /** Loaded: nothing was held. */
  | "miss"
  /** Loaded by another request that was already under way. */
  | "joined"
  /** Read strongly and not stored, because currency could not be proven. */
  | "bypass"
  /** Read strongly and not stored, because the position that was asked for is not applied. */
  | "behind"
  /** From memory though unproven, because the key allows it: the answer must say so. */
  | "unproven"
  /** Loaded because it was asked for. */
  | "refresh";

export interface Answer extends Entry {
  readonly keyText: string;
  readonly source: Source;
  /** False if the value was not kept: raced by a write, not cacheable, unproven. */
  readonly stored: boolean;
  /** Why it was not stored, or why memory could not be used; one of few words, e.g. `raced`, `unproven`, `ttl-unknown`. */
  readonly detail: string | undefined;
  /** How old the answer can be at most, in milliseconds. */
  readonly ageMs: number;
  /** A position whose writes the answer reflects: what a reader asks for next, so as not to fall behind what it has seen. */
  readonly position: Position | undefined;
  /** True if the promise covers this answer; false if it is labelled: unproven, or read at a level that may miss acknowledged writes. */
  readonly coherent: boolean;
}

/** Which part of a list is wanted. */
export interface PageRequest {
  readonly limit: number;
  /** Canonical values of the clustering columns that the list leaves open; undefined for the first page. */
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

export interface PageAnswer extends Answer {
  /** The last row of this page if another follows, to ask for the next; else undefined. */
  readonly next: Readonly<Record<string, unknown>> | undefined;
}
