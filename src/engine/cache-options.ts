import type { Clock } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Store } from "../ports/store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { DEFAULT_SETTINGS, type ProtocolSettings, protocolSettings } from "../protocol/settings.ts";
import type { KeySet } from "../spec/catalog.ts";
import { SpecError } from "../spec/error.ts";
import type { Consistency, OnUnproven } from "../spec/key-options.ts";
import { guardedTelemetry } from "./guarded.ts";
import { assertWholeNumbers } from "./whole-numbers.ts";

export interface NearCacheOptions {
  readonly keys: KeySet;
  readonly store: Store;
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly telemetry?: Telemetry;
  readonly settings?: Partial<ProtocolSettings>;
  /** The most memory for values, in bytes, as estimated from their JSON. Default 256 MiB. */
  readonly maxBytes?: number;
  /** The most reads sent to the database at once. Default 64. */
  readonly maxReads?: number;
  /** The most reads waiting for one of those; more are refused, and so is one that waited `readDeadlineMs`. Default 10,000. */
  readonly maxWaitingReads?: number;
  /** How long the database may take for one read, in milliseconds. Default 5,000. */
  readonly readDeadlineMs?: number;
  /** How often a proof of currency is asked for, in milliseconds. Default 1,000. */
  readonly probeEveryMs?: number;
  /** The most that a request may wait for a position it asks for, in milliseconds. Default 250. */
  readonly maxWaitMs?: number;
  /** How often a hit is compared with the database, in milliseconds; 0 for never. Default 1,000. */
  readonly auditEveryMs?: number;
  /** Defaults of the keys' own options. */
  readonly ttlMs?: number;
  readonly onUnproven?: OnUnproven;
  readonly consistency?: Consistency;
  readonly maxRows?: number;
}

export type ResolvedOptions = Required<Omit<NearCacheOptions, "settings" | "telemetry">> & {
  readonly settings: ProtocolSettings;
  readonly telemetry: Telemetry;
};

/** The options with their defaults, checked. Throws `SpecError`. */
export function resolveOptions(options: NearCacheOptions): ResolvedOptions {
  const settings = protocolSettings(options.settings ?? DEFAULT_SETTINGS);
  const resolved = {
    maxBytes: 256 * 1024 * 1024,
    maxReads: 64,
    maxWaitingReads: 10_000,
    readDeadlineMs: 5_000,
    probeEveryMs: 1_000,
    maxWaitMs: 250,
    auditEveryMs: 1_000,
    ttlMs: 3_600_000,
    onUnproven: "bypass",
    consistency: "strong",
    maxRows: 10_000,
    ...options,
    settings,
    telemetry: guardedTelemetry(options.telemetry),
  } as const;
  const { maxBytes, maxReads, maxWaitingReads, readDeadlineMs, probeEveryMs, ttlMs, maxRows } = resolved;
  assertWholeNumbers({ maxBytes, maxReads, maxWaitingReads, readDeadlineMs, probeEveryMs, ttlMs, maxRows });
  const { maxWaitMs, auditEveryMs } = resolved;
  assertWholeNumbers({ maxWaitMs, auditEveryMs }, 0);
  if (probeEveryMs >= settings.boundMs) {
    throw new SpecError(
      `probeEveryMs ${probeEveryMs} is not below boundMs ${settings.boundMs}`,
      "Ask for proofs several times per bound",
    );
  }
  return resolved;
}
