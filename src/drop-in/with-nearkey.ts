import type { ArrayOrObject, Client, types } from "cassandra-driver";
import { createCassandraStore } from "../adapters/cassandra/cassandra-store.ts";
import { StatementReader } from "../adapters/cassandra/cql/statement-reader.ts";
import { DEFAULT_LEVELS, type Levels } from "../adapters/cassandra/levels.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createNearCache } from "../engine/create-near-cache.ts";
import { createWriter } from "../engine/create-writer.ts";
import type { NearCache } from "../engine/near-cache.ts";
import type { Writer } from "../engine/writer.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Position } from "../protocol/position.ts";
import { catalogOf, type KeySet } from "../spec/catalog.ts";
import { SpecError } from "../spec/error.ts";
import { AnnouncedCalls, type AnnouncedOptions } from "./announced-calls.ts";
import { clientLike } from "./client-like.ts";
import { createLateLog } from "./late-log.ts";
import { type NatsOptions, openLog } from "./open-log.ts";
import { type OnUnclear, WhatItTouches } from "./what-it-touches.ts";

export interface WithNearkeyOptions {
  readonly keys: KeySet;
  readonly nats: NatsOptions;
  /** Keeps several deployments on one NATS apart: 1 to 32 letters, digits and hyphens. Default `nearkey`. */
  readonly namespace?: string;
  /** Where the declared tables are. Default: the client's. */
  readonly keyspace?: string;
  /** Default: LOCAL_QUORUM for announced writes that ask for no level, and for strong reads; LOCAL_SERIAL for conditions. */
  readonly level?: Partial<Levels>;
  /** What to do with a statement of which it cannot be told what it writes: refuse it, or touch its whole table. Default `refuse`. */
  readonly onUnclear?: OnUnclear;
  /** Of the cache; see `NearCacheOptions`. */
  readonly maxBytes?: number;
  readonly telemetry?: Telemetry;
}

/** What an adopted client has besides its own. */
export interface Nearkey {
  /** Reads from memory: `client.nearkey.cache.get(keys.user, { id: 42 })`. */
  readonly cache: NearCache;
  readonly writer: Writer;
  /** Where the keys of the write with this result are in the log; undefined for what was not announced. */
  positionOf(result: types.ResultSet): Position | undefined;
}

/** A client whose writes are announced, and which takes the keys that a statement makes stale as an option. */
export type NearkeyClient = Client & {
  execute(query: string, params?: ArrayOrObject, options?: AnnouncedOptions): Promise<types.ResultSet>;
  batch(queries: Queries, options?: AnnouncedOptions): Promise<types.ResultSet>;
  readonly nearkey: Nearkey;
};

type Queries = Parameters<Client["batch"]>[0];

/**
 * The client of an existing application, whose `execute`, `batch`, `eachRow` and `stream`, and so the Mapper and `concurrent`, announce what they
 * write, with a near cache beside it. What they write is read from the statement; one that is not fully understood is refused, or touches its
 * whole table. `shutdown` ends all of it. Throws `SpecError`.
 *
 * @example
 * const client = withNearkey(new Client({ contactPoints, localDataCenter, keyspace: "shop" }), { keys, nats: "nats://127.0.0.1:4222" });
 * await client.execute("UPDATE users SET name = ? WHERE id = ?", ["Ada", 42]);
 * await client.nearkey.cache.get(keys.user, { id: 42 }); // from memory, from the second time on
 */
export function withNearkey(client: Client, options: WithNearkeyOptions): NearkeyClient {
  const { keys, nats, namespace = "nearkey", onUnclear = "refuse", telemetry, maxBytes } = options;
  const keyspace = options.keyspace ?? client.keyspace;
  if (!keyspace) throw new SpecError("no keyspace", "Give one to the client, or to withNearkey");
  const level = { ...DEFAULT_LEVELS, ...options.level };
  const log = createLateLog();
  const store = createCassandraStore({ client, keyspace, level });
  const parts = { keys, store, log, clock: systemClock, entropy: systemEntropy, ...(telemetry && { telemetry }) };
  const cache = createNearCache({ ...parts, ...(maxBytes !== undefined && { maxBytes }) });
  const writer = createWriter({ ...parts, onTouched: (touches) => cache.touch(touches) });
  const catalog = catalogOf(keys);
  const reader = new StatementReader(client, { keyspace, tables: [...catalog.tables.values()] });
  const what = new WhatItTouches({ reader, catalog, keyspace, onUnclear });
  const calls = new AnnouncedCalls({ client, writer, what, level: level.write, schemaChanged: () => reader.clear() });
  const closing = new AbortController();
  const opened = openLog(log, { nats, namespace, telemetry, signal: closing.signal });
  opened.catch(() => {}); // said by whatever needs the log
  cache.start();
  writer.start();
  const close = async (): Promise<void> => {
    closing.abort();
    await writer.close();
    await cache.close();
    await log.close();
    await (await opened.catch(() => undefined))?.close();
    await client.shutdown();
  };
  const nearkey: Nearkey = { cache, writer, positionOf: (result) => calls.positionOf(result) };
  return clientLike(client, { calls, nearkey, close });
}
