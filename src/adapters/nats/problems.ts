import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

const REPEAT_AFTER_MS = 60_000;
const MAX_KNOWN = 100;

/** Tells the operator what is set up wrong: each problem at once, and again each minute while it lasts. */
export class Problems {
  readonly #clock: Clock;
  readonly #telemetry: Telemetry | undefined;
  readonly #toldAtMs = new Map<string, number>();

  constructor(clock: Clock, telemetry: Telemetry | undefined) {
    this.#clock = clock;
    this.#telemetry = telemetry;
  }

  report(error: Error): void {
    const nowMs = this.#clock.now().monotonicMs;
    const toldAtMs = this.#toldAtMs.get(error.message);
    if (toldAtMs !== undefined && nowMs - toldAtMs < REPEAT_AFTER_MS) return;
    if (this.#toldAtMs.size >= MAX_KNOWN) this.#toldAtMs.clear();
    this.#toldAtMs.set(error.message, nowMs);
    this.#telemetry?.event("log-misconfigured", { problem: error.message });
  }
}
