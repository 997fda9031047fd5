import type { Clock } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import { LogUnavailableError } from "../ports/log-errors.ts";
import type { Store } from "../ports/store.ts";
import { encodeMessage } from "../protocol/message.ts";
import type { ProtocolSettings } from "../protocol/settings.ts";
import type { BrokenAssumption } from "./errors.ts";

export interface Surroundings {
  readonly store: Pick<Store, "checkLevels">;
  readonly log: Pick<InvalidationLog, "append" | "read" | "retentionMs">;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly settings: Pick<ProtocolSettings, "fenceMs" | "settleMs">;
  /** How far the wall clock of this machine and that of the log may be apart, in milliseconds. */
  readonly maxClockSkewMs: number;
}

/** How long one question may take. */
const DEADLINE_MS = 5_000;

/**
 * Looks whether what the protocol assumes (SPEC.md, A1 to A4) holds as the deployment is set up: all that does not, in words. Throws
 * `StoreReadError`, `LogUnavailableError` or `LogUnknownError` where that cannot be told.
 */
export async function checkAssumptions(of: Surroundings): Promise<readonly BrokenAssumption[]> {
  const found = await Promise.all([checkLevels(of), checkRetention(of), checkClock(of)]);
  return found.filter((broken) => broken !== undefined);
}

async function checkLevels({ store }: Surroundings): Promise<BrokenAssumption | undefined> {
  const { overlap, words } = await store.checkLevels();
  if (overlap) return undefined;
  const remedy =
    "Choose levels that do with this replication, such as LOCAL_QUORUM in one data centre; or allow weak ones (--allow-weak): answers are labelled";
  return { assumption: "levels-overlap", words: `reads need not meet writes: ${words}`, remedy };
}

/** A frontend that starts must find all fences that may still be open. */
async function checkRetention({ log, settings }: Surroundings): Promise<BrokenAssumption | undefined> {
  const keptMs = await log.retentionMs({ deadlineMs: DEADLINE_MS });
  const neededMs = settings.fenceMs + settings.settleMs;
  if (keptMs >= neededMs) return undefined;
  const words = `the log keeps messages for ${keptMs} ms, and fences and settle windows last ${neededMs} ms`;
  return { assumption: "log-retention", words, remedy: `Raise max_age of the stream to at least ${neededMs} ms` };
}

/** The log stamps a tick between the moments at which we send it and have its acknowledgement. */
async function checkClock({
  log,
  clock,
  entropy,
  maxClockSkewMs,
}: Surroundings): Promise<BrokenAssumption | undefined> {
  const body = encodeMessage({ kind: "tick", v: 1, tick: entropy.id() });
  const sentAtMs = clock.now().wallMs;
  const at = await log.append("tick", body, { deadlineMs: DEADLINE_MS });
  const ackedAtMs = clock.now().wallMs;
  const { epoch, records } = await log.read({ sequence: at.sequence }, 1, { deadlineMs: DEADLINE_MS });
  const tick = records[0];
  if (epoch !== at.epoch || tick?.sequence !== at.sequence)
    throw new LogUnavailableError("the log has lost a tick that it had just acknowledged", "It is looked at again");
  const aheadMs = Math.floor(sentAtMs) - tick.storedAtMs;
  const behindMs = tick.storedAtMs - Math.ceil(ackedAtMs);
  if (Math.max(aheadMs, behindMs) <= maxClockSkewMs) return undefined;
  const words = aheadMs > 0 ? `${aheadMs} ms ahead of` : `${behindMs} ms behind`;
  return {
    assumption: "clock-skew",
    words: `this machine's clock is at least ${words} the log's, and ${maxClockSkewMs} ms are allowed`,
    remedy: "Set the clocks of all machines by NTP",
  };
}
