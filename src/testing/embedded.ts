import { createMemoryLog, type MemoryLog } from "../adapters/memory/memory-log.ts";
import type { MemoryLogParticipant } from "../adapters/memory/memory-log-connection.ts";
import { createMemoryStore } from "../adapters/memory/memory-store.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import type { NearCacheOptions } from "../engine/cache-options.ts";
import { createNearCache } from "../engine/create-near-cache.ts";
import { createWriter } from "../engine/create-writer.ts";
import type { NearCache } from "../engine/near-cache.ts";
import type { Writer } from "../engine/writer.ts";
import type { WriterOptions } from "../engine/writer-options.ts";
import type { Clock } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import { catalogOf, type KeySet } from "../spec/catalog.ts";
import { createFaultyStore, type FaultyStore } from "./faulty-store.ts";

/** One frontend of an embedded stack, with its own way to the log, which can be cut. */
export interface EmbeddedFrontend {
  readonly cache: NearCache;
  readonly log: MemoryLogParticipant;
}

/** A whole nearkey in this process: a store and a log in memory, one writer, and frontends. */
export interface Embedded {
  readonly store: FaultyStore;
  readonly log: MemoryLog;
  readonly writer: Writer;
  readonly writerLog: MemoryLogParticipant;
  readonly frontends: readonly EmbeddedFrontend[];
  /** That of the first frontend, where one is enough. */
  readonly cache: NearCache;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly keys: KeySet;
  /** How many frontends. Default 1. */
  readonly frontends?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  /** The same for every frontend. There is no audit unless it is asked for: tests count what reaches the store. */
  readonly cache?: Partial<Omit<NearCacheOptions, "keys" | "store" | "log" | "clock" | "entropy">>;
  readonly writer?: Partial<Omit<WriterOptions, "keys" | "store" | "log" | "clock" | "entropy">>;
}

/**
 * Starts a whole nearkey in this process, for demos and for users' own tests: real protocol, real cache, real writer; only the database and
 * the log are in memory.
 *
 * @example
 * const stack = createEmbedded({ keys });
 * await stack.writer.write(insert(users, { id: 42, name: "Ada" }));
 * await stack.cache.get(keys.user, { id: 42 });
 * await stack.close();
 */
export function createEmbedded(options: EmbeddedOptions): Embedded {
  const { keys, clock = systemClock, entropy = systemEntropy } = options;
  const tables = [...catalogOf(keys).tables.values()];
  const store = createFaultyStore(createMemoryStore({ clock, tables }), clock);
  const log = createMemoryLog({ clock, entropy });
  const writerLog = log.connect();
  const writer = createWriter({ ...options.writer, keys, store, log: writerLog, clock, entropy });
  writer.start();
  const startFrontend = (): EmbeddedFrontend => {
    const own = log.connect();
    const cache = createNearCache({ auditEveryMs: 0, ...options.cache, keys, store, log: own, clock, entropy });
    cache.start();
    return { cache, log: own };
  };
  const first = startFrontend();
  const frontends = [first, ...Array.from({ length: (options.frontends ?? 1) - 1 }, startFrontend)];
  return {
    store,
    log,
    writer,
    writerLog,
    frontends,
    cache: first.cache,
    close: async () => {
      await writer.close();
      await Promise.all(frontends.map(({ cache }) => cache.close()));
      await Promise.all([writerLog.close(), ...frontends.map((frontend) => frontend.log.close())]);
      await store.close();
    },
  };
}
