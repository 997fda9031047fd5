/** Plain counters since the start, and gauges of this moment. Reading them costs nothing on the hit path. */
export interface CacheStatistics {
  readonly hits: number;
  readonly misses: number;
  readonly joined: number;
  readonly bypasses: number;
  readonly unprovenHits: number;
  readonly stored: number;
  /** Loads whose value was not kept because a write touched it meanwhile. */
  readonly raced: number;
  readonly loadErrors: number;
  /** Reads sent to the database. */
  readonly databaseReads: number;
  readonly evictions: Readonly<Record<EvictionReason, number>>;
  readonly keysApplied: number;
  readonly flushes: number;
  readonly gaps: number;
  readonly entries: number;
  readonly bytes: number;
  readonly loading: number;
  readonly fencesOpen: number;
  readonly orphans: number;
  readonly applied: number;
}

export type EvictionReason = "invalidated" | "size" | "ttl" | "replaced";
