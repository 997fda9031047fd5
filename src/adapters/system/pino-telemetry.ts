import type { Clock } from "../../ports/clock.ts";
import type { Telemetry, TelemetryEvent } from "../../ports/telemetry.ts";
import { systemClock } from "./clock.ts";

type Level = "info" | "warn" | "error";

/** The part of a pino logger that is needed; a child logger will do. */
export type LineLogger = Readonly<Record<Level, (fields: object, message: string) => void>>;

const LEVELS: Readonly<Record<TelemetryEvent, Level>> = {
  "log-connected": "info",
  "log-disconnected": "warn",
  "log-misconfigured": "error",
  started: "info",
  gap: "warn",
  filled: "info",
  flushed: "warn",
  unproven: "warn",
  proven: "info",
  "message-refused": "error",
  "write-not-announced": "error",
  "write-announced-late": "info",
  "fence-orphaned": "warn",
  "store-error": "warn",
  "responder-rollback": "error",
  "assumption-broken": "error",
  "assumptions-unchecked": "warn",
  "audit-difference": "error",
};

const MAX_LINES = 10;
const PERIOD_MS = 10_000;

interface Budget {
  sinceMs: number;
  lines: number;
  /** Told of in the next line that is written. */
  left: number;
}

/**
 * Writes each event as one line of a pino logger. Of one kind of event at most ten lines in ten seconds: an outage touches every write, and
 * a log that floods hides what it says. The next line counts what was left out, as `leftOut`.
 *
 * @example
 * createNearCache({ keys, store, log, telemetry: createPinoTelemetry(pino()) });
 */
export function createPinoTelemetry(logger: LineLogger, clock: Pick<Clock, "now"> = systemClock): Telemetry {
  const budgets = new Map<TelemetryEvent, Budget>();
  return {
    event: (name, fields) => {
      const nowMs = clock.now().monotonicMs;
      const budget = budgets.get(name) ?? { sinceMs: nowMs, lines: 0, left: 0 };
      budgets.set(name, budget);
      if (nowMs - budget.sinceMs >= PERIOD_MS) Object.assign(budget, { sinceMs: nowMs, lines: 0 });
      if (budget.lines >= MAX_LINES) {
        budget.left++;
        return;
      }
      budget.lines++;
      logger[LEVELS[name]](budget.left > 0 ? { ...fields, leftOut: budget.left } : fields, name);
      budget.left = 0;
    },
  };
}
