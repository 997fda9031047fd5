/**
 * What a frontend needs: a near cache over Cassandra and NATS, and the Express router that serves it.
 *
 * @module
 */
import type { Router } from "express";
import { systemClock } from "./adapters/system/clock.ts";
import { systemEntropy } from "./adapters/system/entropy.ts";
import type { NearCacheOptions as FullCacheOptions } from "./engine/cache-options.ts";
import { createNearCache as createOver } from "./engine/create-near-cache.ts";
import type { NearCache } from "./engine/near-cache.ts";
import {
  type FrontendRouterOptions as FullRouterOptions,
  frontendRouter as routerOver,
} from "./http/frontend-router.ts";
import { readHandler as handlerOver, type ReadHandler } from "./http/read-handler.ts";
import type { OnThisMachine } from "./on-this-machine.ts";

export type NearCacheOptions = OnThisMachine<FullCacheOptions>;
export type FrontendRouterOptions = OnThisMachine<FullRouterOptions>;

/**
 * Makes a near cache on this machine's clocks. Call `start` before the first read. Throws `SpecError`.
 *
 * @example
 * const cache = createNearCache({ keys, store: createCassandraStore({ client, keyspace: "app" }), log });
 * cache.start();
 * const ada = await cache.get(keys.user, { id: 42 });
 */
export function createNearCache(options: NearCacheOptions): NearCache {
  return createOver({ clock: systemClock, entropy: systemEntropy, ...options });
}

/**
 * Serves every declared key under its path, from a near cache: `GET /users/42`, `/users?id=1&id=2`, `/users/42/friends?limit=50`.
 *
 * @example
 * app.use(frontendRouter({ cache, keys }));
 */
export function frontendRouter(options: FrontendRouterOptions): Router {
  return routerOver({ clock: systemClock, ...options });
}

/**
 * What `frontendRouter` serves, without Express, whose own work is most of the time of a hit.
 *
 * @example
 * const reads = readHandler({ cache, keys });
 * await serve((req, res) => reads(req, res, () => app(req, res)), { port: 8080 });
 */
export function readHandler(options: FrontendRouterOptions): ReadHandler {
  return handlerOver({ clock: systemClock, ...options });
}

export { type CassandraStoreOptions, createCassandraStore } from "./adapters/cassandra/cassandra-store.ts";
export { cassandraClientOptions } from "./adapters/cassandra/client-options.ts";
export { ClientEncodingError } from "./adapters/cassandra/codec.ts";
export type { Levels } from "./adapters/cassandra/levels.ts";
export { type NatsConnectionOptions, natsConnectionOptions } from "./adapters/nats/connection-options.ts";
export { systemClock } from "./adapters/system/clock.ts";
export { createPinoTelemetry } from "./adapters/system/pino-telemetry.ts";
export {
  type Assumption,
  AssumptionError,
  type BrokenAssumption,
  ClosedError,
  ListTooLongError,
  OverloadedError,
  UndeclaredKeyError,
} from "./engine/errors.ts";
export type {
  Answer,
  AnswerOptions,
  Entry,
  GetOptions,
  NearCache,
  PageAnswer,
  PageRequest,
  Source,
} from "./engine/near-cache.ts";
export { ViewError } from "./engine/read-view.ts";
export type { AuditReport, CacheStatistics, DifferenceCause, EvictionReason } from "./engine/statistics.ts";
export { type AuditRouterOptions, auditRouter } from "./http/audit-router.ts";
export { createDraining, type Draining } from "./http/draining.ts";
export { type Check, type CheckResult, type Checks, frontendChecks } from "./http/health-checks.ts";
export { type HealthRouterOptions, healthRouter } from "./http/health-router.ts";
export type { ReadHandler } from "./http/read-handler.ts";
export { PortInUseError, type Served, type ServeOptions, serve } from "./http/serve.ts";
export { createNatsLog, type NatsLogOptions } from "./on-this-machine.ts";
export type { InvalidationLog } from "./ports/invalidation-log.ts";
export { LogConfigurationError, LogUnavailableError, LogUnknownError } from "./ports/log-errors.ts";
export type { LevelCheck, SchemaDifference, Store } from "./ports/store.ts";
export { StoreReadError } from "./ports/store-errors.ts";
export type { Telemetry, TelemetryEvent } from "./ports/telemetry.ts";
export type { Instant } from "./protocol/instant.ts";
export { formatPosition, type Position, parsePosition } from "./protocol/position.ts";
export type { ProtocolSettings } from "./protocol/settings.ts";
export { NearkeyError, SpecError, ValueError } from "./spec/error.ts";
export type { Consistency, OnUnproven } from "./spec/key-options.ts";
