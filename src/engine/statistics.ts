/** Plain counters since the start, and gauges of this moment. Reading them costs nothing on the hit path. */
export interface CacheStatistics {
  readonly hits: number;
  readonly misses: number;
  readonly joined: number;
  readonly bypasses: number;
  /** Reads past the cache because the position that was asked for was not applied. */
  readonly behind: number;
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
  readonly audit: AuditReport;
}

/** What was found by comparing hits with the database, one now and then. */
export interface AuditReport {
  /** Hits that the database agreed with. */
  readonly agreed: number;
  /** They differed, and were touched before it was certain: a write was on its way. */
  readonly overtaken: number;
  /** They differed, and it could not be told whether a write was on its way: they expired or made room first, or it took too long. */
  readonly undecided: number;
  /** The database did not answer, or was too busy to be asked. */
  readonly unread: number;
  /** Hits that were certainly wrong, by cause. */
  readonly differences: Readonly<Record<DifferenceCause, number>>;
  /** What follows for all hits on rows, lists and counts, in words: "no difference in 86400 samples: at least 4 nines at 95 %". */
  readonly claim: string;
}

/** Why a hit was wrong. */
export type DifferenceCause =
  /** Nobody announced the write that the database holds: it was made past nearkey. */
  | "unannounced"
  /** A write of unknown outcome surfaced after its fence had ended: a hint delivered it. */
  | "orphaned"
  /** The database gives now the one value, now the other: its replicas differ. */
  | "unsettled"
  /** The value was read at a level that may miss acknowledged writes. */
  | "weak";

export type EvictionReason = "invalidated" | "size" | "ttl" | "replaced";
