import type { Clock, Timer } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import { isProven } from "../protocol/load.ts";

const LOOK_EVERY_MS = 250;

/** Says when proof is lost and when it is back: one line each. */
export function watchProof(state: FrontendState, clock: Clock, telemetry: Telemetry): { close(): void } {
  let proven = false;
  let timer: Timer;
  const look = (): void => {
    const now = isProven(state, clock.now());
    if (now !== proven) telemetry.event(now ? "proven" : "unproven", { applied: state.feed.applied });
    proven = now;
    timer = clock.after(LOOK_EVERY_MS, look);
  };
  look();
  return { close: () => timer.cancel() };
}
