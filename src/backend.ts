/**
 * What a backend needs: a writer over Cassandra and NATS, and the Express router that takes writes.
 *
 * @module
 */
import { systemClock } from "./adapters/system/clock.ts";
import { systemEntropy } from "./adapters/system/entropy.ts";
import { createWriter as createOver } from "./engine/create-writer.ts";
import type { Writer } from "./engine/writer.ts";
import type { WriterOptions as FullWriterOptions } from "./engine/writer-options.ts";
import type { OnThisMachine } from "./on-this-machine.ts";

export type WriterOptions = OnThisMachine<FullWriterOptions>;

/**
 * Makes a writer on this machine's clocks. Call `start` so that it answers pulses. Throws `SpecError`.
 *
 * @example
 * const writer = createWriter({ keys, store: createCassandraStore({ client, keyspace: "app" }), log });
 * writer.start();
 * await writer.write(insert(users, { id: 42, name: "Ada" }));
 */
export function createWriter(options: WriterOptions): Writer {
  return createOver({ clock: systemClock, entropy: systemEntropy, ...options });
}

export { type CassandraStoreOptions, createCassandraStore } from "./adapters/cassandra/cassandra-store.ts";
export { cassandraClientOptions } from "./adapters/cassandra/client-options.ts";
export { ClientEncodingError } from "./adapters/cassandra/codec.ts";
export type { Levels } from "./adapters/cassandra/levels.ts";
export { type NatsConnectionOptions, natsConnectionOptions } from "./adapters/nats/connection-options.ts";
export { createPinoTelemetry } from "./adapters/system/pino-telemetry.ts";
export {
  type Assumption,
  AssumptionError,
  type BrokenAssumption,
  ClosedError,
  FenceFailedError,
  NotAnnouncedError,
  NotCheckedError,
  OverloadedError,
} from "./engine/errors.ts";
export type { Writer, WriterStatistics, Written } from "./engine/writer.ts";
export { type BackendRouterOptions, backendRouter } from "./http/backend-router.ts";
export { createDraining, type Draining } from "./http/draining.ts";
export { backendChecks, type Check, type CheckResult, type Checks } from "./http/health-checks.ts";
export { type HealthRouterOptions, healthRouter } from "./http/health-router.ts";
export { PortInUseError, type Served, type ServeOptions, serve } from "./http/serve.ts";
export { createNatsLog, type NatsLogOptions } from "./on-this-machine.ts";
export type { InvalidationLog } from "./ports/invalidation-log.ts";
export { LogConfigurationError, LogUnavailableError, LogUnknownError } from "./ports/log-errors.ts";
export type { LevelCheck, SchemaDifference, Store } from "./ports/store.ts";
export { StoreReadError, WriteRefusedError, WriteUnknownError } from "./ports/store-errors.ts";
export type { Telemetry, TelemetryEvent } from "./ports/telemetry.ts";
export { TooManyNamesError } from "./protocol/announce.ts";
export { formatPosition, type Position, parsePosition } from "./protocol/position.ts";
export type { ProtocolSettings } from "./protocol/settings.ts";
export { NearkeyError, SpecError, ValueError } from "./spec/error.ts";
