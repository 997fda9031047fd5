import { LRUCache } from "lru-cache";
import type { Copy } from "../protocol/copy.ts";
import type { Instant } from "../protocol/instant.ts";
import type { Counters } from "./counters.ts";
import type { Entry } from "./near-cache.ts";
import type { EvictionReason } from "./statistics.ts";

/** An entry with what decides whether it may be served. */
export interface Held extends Entry {
  readonly copy: Copy;
  readonly bytes: number;
  /** False if it was read at a level that may miss acknowledged writes: answers say so. */
  readonly coherent: boolean;
  /** When it ends on the wall clock: rule 12, the earlier of both ends counts. */
  readonly expiresAtWallMs: number;
  /** From here on a hit also begins a load, so that a hot key never expires under its readers. Monotonic clock; moves with each try. */
  refreshAtMs: number;
  /** When what was read stops to count, by the database's own expiry or a view's TTL; Infinity if never. No view that reads it may outlive it. */
  readonly countsUntil: Instant;
}

/** The values in memory, bounded in bytes; the least recently used go first. */
export interface Entries {
  find(keyText: string): Held | undefined;
  /** False if it is larger than the whole cache may be, or if the cache is closed. */
  store(keyText: string, held: Held): boolean;
  drop(keyText: string, reason: EvictionReason): void;
  /** Drops everything, and stores nothing more. */
  close(): void;
  readonly closed: boolean;
  readonly count: number;
  readonly bytes: number;
}

/** `released` is told of every copy that is no longer held, and whether that is because something touched it. */
export function createEntries(
  maxBytes: number,
  counters: Counters,
  released: (copy: Copy, touched: boolean) => void,
): Entries {
  let dropping: EvictionReason | undefined;
  const lru = new LRUCache<string, Held>({
    maxSize: maxBytes,
    sizeCalculation: (held) => held.bytes,
    dispose: (held, _keyText, reason) => {
      if (reason === "evict") counters.evictions.size++;
      if (reason === "set") counters.evictions.replaced++;
      released(held.copy, dropping === "invalidated");
    },
  });
  let closed = false;
  return {
    find: (keyText) => lru.get(keyText),
    store: (keyText, held) => {
      if (closed || held.bytes > maxBytes) return false;
      lru.set(keyText, held);
      return true;
    },
    drop: (keyText, reason) => {
      dropping = reason;
      if (lru.delete(keyText)) counters.evictions[reason]++;
      dropping = undefined;
    },
    close: () => {
      closed = true;
      lru.clear();
    },
    get closed() {
      return closed;
    },
    get count() {
      return lru.size;
    },
    get bytes() {
      return lru.calculatedSize;
    },
  };
}

/** True once either clock has passed the entry's end. */
export function hasExpired(held: Held, now: Instant): boolean {
  return now.monotonicMs >= held.expiresAtMs || now.wallMs >= held.expiresAtWallMs;
}
