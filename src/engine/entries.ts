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
  /** When it ends on the wall clock: rule 12, the earlier of both ends counts. */
  readonly expiresAtWallMs: number;
  /** From here on a hit also begins a load, so that a hot key never expires under its readers. Monotonic clock. */
  readonly refreshAtMs: number;
  /** What the database itself lets expire; Infinity if nothing. A view may not outlive it. Monotonic clock. */
  readonly cellsEndAtMs: number;
}

/** The values in memory, bounded in bytes; the least recently used go first. */
export interface Entries {
  find(keyText: string): Held | undefined;
  /** False if it is larger than the whole cache may be. */
  store(keyText: string, held: Held): boolean;
  drop(keyText: string, reason: EvictionReason): void;
  clear(): void;
  readonly count: number;
  readonly bytes: number;
}

/** `released` is told of every copy that is no longer held, whatever the reason. */
export function createEntries(maxBytes: number, counters: Counters, released: (copy: Copy) => void): Entries {
  const lru = new LRUCache<string, Held>({
    maxSize: maxBytes,
    sizeCalculation: (held) => held.bytes,
    dispose: (held, _keyText, reason) => {
      if (reason === "evict") counters.evictions.size++;
      if (reason === "set") counters.evictions.replaced++;
      released(held.copy);
    },
  });
  return {
    find: (keyText) => lru.get(keyText),
    store: (keyText, held) => {
      if (held.bytes > maxBytes) return false;
      lru.set(keyText, held);
      return true;
    },
    drop: (keyText, reason) => {
      if (lru.delete(keyText)) counters.evictions[reason]++;
    },
    clear: () => lru.clear(),
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
