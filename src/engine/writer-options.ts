import type { Clock } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Store } from "../ports/store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { DEFAULT_SETTINGS, type ProtocolSettings, protocolSettings } from "../protocol/settings.ts";
import type { WriteRules } from "../protocol/write.ts";
import type { KeySet } from "../spec/catalog.ts";
import { SpecError } from "../spec/error.ts";
import type { Touches } from "../spec/touches.ts";
import { callGiven, guardedTelemetry } from "./guarded.ts";
import { WRITER_SLOTS } from "./timestamps.ts";
import { assertWholeNumbers } from "./whole-numbers.ts";

export interface WriterOptions {
  readonly keys: KeySet;
  readonly store: Store;
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly telemetry?: Telemetry;
  readonly settings?: Partial<ProtocolSettings>;
  /** Caches of this process: told at once what a write made stale. */
  readonly onTouched?: (touches: Touches) => void;
  /** What to do when no fence can be published. Default `fail`: nothing is written. */
  readonly onLogDown?: "fail" | "write";
  /** Tells this writer's timestamps from others': 0 to 99, default by chance. */
  readonly slot?: number;
  /** The most writes under way; more are refused. Default 1,000. */
  readonly maxWrites?: number;
  /** The most announcements that are tried again with all their names; beyond it they are gathered by table. Default 10,000. */
  readonly maxPending?: number;
  /** How far the wall clocks of this machine and of the log may be apart, in milliseconds: later writes must bear later times. Default 1,000. */
  readonly maxClockSkewMs?: number;
  /** Write although reads need not meet writes: frontends then label their answers. Default false. */
  readonly allowWeak?: boolean;
  /** How long the log may take to acknowledge, in milliseconds. Default 12,000: an election takes up to 7,400. */
  readonly logDeadlineMs?: number;
  /** How long the database may take for one write, in milliseconds. Default 10,000. */
  readonly databaseDeadlineMs?: number;
}

export type ResolvedWriterOptions = Required<WriterOptions> & {
  readonly settings: ProtocolSettings;
  readonly rules: WriteRules;
};

/** The options with their defaults, checked. Throws `SpecError`. */
export function resolveWriterOptions(options: WriterOptions): ResolvedWriterOptions {
  const settings = protocolSettings(options.settings ?? DEFAULT_SETTINGS);
  const { fenceMs } = settings;
  const resolved = {
    onLogDown: "fail",
    slot: Math.floor(options.entropy.fraction() * WRITER_SLOTS),
    maxWrites: 1_000,
    maxPending: 10_000,
    maxClockSkewMs: 1_000,
    allowWeak: false,
    logDeadlineMs: 12_000,
    databaseDeadlineMs: 10_000,
    ...options,
    settings,
    telemetry: guardedTelemetry(options.telemetry),
    onTouched: (touches: Touches) => callGiven(() => options.onTouched?.(touches)),
  } as const;
  const { databaseDeadlineMs, logDeadlineMs, maxClockSkewMs, maxPending, maxWrites, onLogDown, slot } = resolved;
  assertWholeNumbers({ databaseDeadlineMs, logDeadlineMs, maxClockSkewMs, maxPending, maxWrites });
  if (databaseDeadlineMs + logDeadlineMs > fenceMs) {
    throw new SpecError(
      `the log may take ${logDeadlineMs} ms and the database ${databaseDeadlineMs} ms, but a fence holds ${fenceMs} ms`,
      "Raise fenceMs on every frontend and writer, or lower the deadlines",
    );
  }
  if (!Number.isInteger(slot) || slot < 0 || slot >= WRITER_SLOTS) {
    throw new SpecError(`writer slot ${slot}`, `Give a whole number from 0 to ${WRITER_SLOTS - 1}`);
  }
  return { ...resolved, rules: { fenceMs, databaseDeadlineMs, onLogDown } };
}
