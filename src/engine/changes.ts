import type { Telemetry } from "../ports/telemetry.ts";
import type { Change } from "../protocol/frontend.ts";
import type { Counters } from "./counters.ts";

/** Counts and reports what the protocol says has changed. */
export function reportChange(counters: Counters, telemetry: Telemetry): (change: Change) => void {
  return (change) => {
    switch (change.what) {
      case "live":
        telemetry.event("filled", { applied: change.applied });
        break;
      case "gap":
        counters.gaps++;
        telemetry.event("gap", { from: change.from, to: change.to });
        break;
      case "flush":
        counters.flushes++;
        telemetry.event("flushed", { why: change.why });
        break;
      case "orphan":
        telemetry.event("fence-orphaned", { tables: change.tables.join(" ") });
        break;
      case "refused":
        telemetry.event("message-refused", { sequence: change.sequence });
        break;
    }
  };
}
