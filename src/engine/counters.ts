import type { EvictionReason } from "./statistics.ts";

/** The cache's own counters: plain fields, so that counting a hit is one addition. */
export interface Counters {
  hits: number;
  misses: number;
  joined: number;
  bypasses: number;
  behind: number;
  unprovenHits: number;
  stored: number;
  raced: number;
  loadErrors: number;
  databaseReads: number;
  keysApplied: number;
  flushes: number;
  gaps: number;
  readonly evictions: Record<EvictionReason, number>;
}

export function createCounters(): Counters {
  return {
    hits: 0,
    misses: 0,
    joined: 0,
    bypasses: 0,
    behind: 0,
    unprovenHits: 0,
    stored: 0,
    raced: 0,
    loadErrors: 0,
    databaseReads: 0,
    keysApplied: 0,
    flushes: 0,
    gaps: 0,
    evictions: { invalidated: 0, size: 0, ttl: 0, replaced: 0 },
  };
}
