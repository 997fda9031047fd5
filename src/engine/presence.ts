import type { InvalidationLog, Subscription } from "../ports/invalidation-log.ts";
import type { Introduced } from "../protocol/introduction.ts";
import { catalogOf, type KeySet } from "../spec/catalog.ts";

/** The place of a cache or a writer on the roster of its log, where the log has one. */
export interface Presence {
  start(): void;
  close(): void;
}

export function createPresence(log: InvalidationLog, role: Introduced["role"], keys: KeySet): Presence {
  let joined: Subscription | undefined;
  return {
    start: () => {
      joined ??= log.roster?.join({ role, exported: catalogOf(keys).exported });
    },
    close: () => joined?.close(),
  };
}
