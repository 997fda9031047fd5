import { SpecError } from "../spec/error.ts";

/** The times and limits of the protocol, in milliseconds and counts. Every frontend and writer of a namespace uses the same. */
export interface ProtocolSettings {
  /** F: how long a fence holds. A write must be done within it. */
  readonly fenceMs: number;
  /** S: how long replicas may need to agree, in weak mode; and what a flush adds to F. */
  readonly settleMs: number;
  /** B: how old a proof may be for a hit. */
  readonly boundMs: number;
  /** The TTL of keys whose write was orphaned, while hints may still deliver it. */
  readonly orphanTtlMs: number;
  /** How long Cassandra keeps hints: how long an orphaned write may surface. */
  readonly hintWindowMs: number;
  /** The most windows kept one by one; beyond it the oldest becomes a window on its tables. */
  readonly maxWindows: number;
  /** The most orphaned names kept one by one; beyond it the oldest counts for its tables. */
  readonly maxOrphans: number;
  /** The most records filled after a gap; beyond it everything is flushed. */
  readonly maxFill: number;
  /** How many slots the last touches of partitions are spread over; a power of two. */
  readonly partitionSlots: number;
  /** The most names that all views together may depend on; a view that would pass it is not stored. */
  readonly maxDependencies: number;
}

export const DEFAULT_SETTINGS: ProtocolSettings = Object.freeze({
  fenceMs: 30_000,
  settleMs: 10_000,
  boundMs: 10_000,
  orphanTtlMs: 60_000,
  hintWindowMs: 3 * 3_600_000,
  maxWindows: 100_000,
  maxOrphans: 100_000,
  maxFill: 10_000,
  partitionSlots: 16_384,
  maxDependencies: 1_000_000,
});

/** The defaults with changes, checked. Throws `SpecError`. */
export function protocolSettings(changes: Partial<ProtocolSettings> = {}): ProtocolSettings {
  const settings = { ...DEFAULT_SETTINGS, ...changes };
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isInteger(value) || value < 1)
      throw new SpecError(`${name} is ${value}`, "Give a whole number above zero");
  }
  if ((settings.partitionSlots & (settings.partitionSlots - 1)) !== 0) {
    throw new SpecError(`partitionSlots is ${settings.partitionSlots}`, "Give a power of two");
  }
  return Object.freeze(settings);
}
