/**
 * What an existing application needs: its own cassandra-driver client, whose writes are announced, with a near cache beside it.
 *
 * @module
 */
export type { AnnouncedOptions } from "./drop-in/announced-calls.ts";
export { UnclearStatementError, WriteLevelError } from "./drop-in/errors.ts";
export type { NatsOptions } from "./drop-in/open-log.ts";
export type { OnUnclear } from "./drop-in/what-it-touches.ts";
export { type Nearkey, type NearkeyClient, type WithNearkeyOptions, withNearkey } from "./drop-in/with-nearkey.ts";
