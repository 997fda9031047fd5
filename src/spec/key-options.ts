/** What a key may say about its own entries; everything else is a default of the deployment. */
export interface KeyOptions {
  /** The longest life of an entry, in milliseconds; jittered downwards by up to a tenth. Default one hour. */
  readonly ttlMs?: number;
  /** What to do when a frontend cannot prove that it is current. Default `bypass`: read Cassandra strongly, store nothing. */
  readonly onUnproven?: OnUnproven;
  /** `strong`: loads overlap the writes' replicas. `weak`: one replica outside windows; assumes replication within the settle time. */
  readonly consistency?: Consistency;
  /** Lists longer than this are served page by page and only their first page is cached. Default 10,000 rows. */
  readonly maxRows?: number;
  /** The `Cache-Control` of HTTP answers. Default `private, no-cache`: downstream caches get no invalidations. */
  readonly cacheControl?: string;
}

export type OnUnproven = "bypass" | { readonly labelMs: number };
export type Consistency = "strong" | "weak";
