import { ownPosition } from "../protocol/asked-position.ts";
import { proofAgeMs } from "../protocol/proof.ts";
import { openCount } from "../protocol/windows.ts";
import { type NearCacheOptions, resolveOptions } from "./cache-options.ts";
import { createCurrency } from "./currency.ts";
import { ClosedError } from "./errors.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { NearCache } from "./near-cache.ts";
import { createPresence } from "./presence.ts";
import { createReadPath, type ReadPath } from "./read-path.ts";
import type { CacheStatistics } from "./statistics.ts";

/**
 * Makes a near cache over a store and an invalidation log. Call `start` before the first read. Throws `SpecError`.
 *
 * @example
 * const cache = createNearCache({ keys, store, log, clock: systemClock, entropy: systemEntropy });
 * cache.start();
 * await cache.get(keys.user, { id: 42 });
 */
export function createNearCache(given: NearCacheOptions): NearCache {
  const options = resolveOptions(given);
  const memory = createMemory(options);
  const { state, entries } = memory;
  const currency = createCurrency(options, memory);
  const { readiness } = currency;
  const presence = createPresence(options.log, "frontend", options.keys);
  const path = createReadPath(options, memory, currency);

  return {
    ...path.reads,
    peek: path.peek,
    touch: (touches) => memory.touch(touches),
    position: () => ownPosition(state),
    proofAgeMs: (now) => proofAgeMs(state.proof, now),
    get ready() {
      return readiness.ready;
    },
    statistics: () => statisticsOf(memory, path),
    start: () => {
      if (entries.closed) throw new ClosedError("the cache is closed", "Make a new one");
      currency.start();
      path.audit.start();
      presence.start();
    },
    whenReady: readiness.wait,
    close: async () => {
      presence.close();
      path.audit.close();
      entries.close();
      currency.close();
    },
  };
}

function statisticsOf({ counters, entries, state }: Memory, { audit, flights }: ReadPath): CacheStatistics {
  return {
    ...counters,
    evictions: { ...counters.evictions },
    entries: entries.count,
    bytes: entries.bytes,
    loading: flights.count,
    fencesOpen: openCount(state.windows),
    orphans: state.orphans.size,
    applied: state.feed.applied,
    audit: audit.report(),
  };
}
