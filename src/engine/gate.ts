import pLimit from "p-limit";
import type { Clock } from "../ports/clock.ts";
import { OverloadedError } from "./errors.ts";

/** Lets at most `running` jobs run and `waiting` wait; more are refused. */
export interface Gate {
  run<T>(job: () => Promise<T>): Promise<T>;
  /** True while jobs wait for their turn. */
  readonly isBusy: boolean;
}

export interface GateLimits {
  readonly running: number;
  readonly waiting: number;
  /** A job that waited longer is refused when its turn comes. Those that run end by their own deadline, so no turn is far. */
  readonly waitMs: number;
}

/** Throws (from `run`) `OverloadedError`, naming what is overloaded. */
export function createGate(what: string, clock: Clock, limits: GateLimits): Gate {
  const limit = pLimit(limits.running);
  const overloaded = (why: string): OverloadedError => new OverloadedError(why, "Try again shortly, or add processes");
  return {
    run: async (job) => {
      if (limit.pendingCount >= limits.waiting) throw overloaded(`${limits.waiting} ${what} are waiting already`);
      const since = clock.now().monotonicMs;
      return limit(() => {
        const waitedMs = clock.now().monotonicMs - since;
        if (waitedMs > limits.waitMs) throw overloaded(`${what} wait longer than ${limits.waitMs} ms for their turn`);
        return job();
      });
    },
    get isBusy() {
      return limit.pendingCount > 0;
    },
  };
}
