import pLimit from "p-limit";
import { OverloadedError } from "./errors.ts";

/** Lets at most `running` jobs run and `waiting` wait; more are refused. */
export interface Gate {
  run<T>(job: () => Promise<T>): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

/** Throws (from `run`) `OverloadedError`, naming what is overloaded. */
export function createGate(what: string, limits: { readonly running: number; readonly waiting: number }): Gate {
  const limit = pLimit(limits.running);
  return {
    run: async (job) => {
      if (limit.pendingCount >= limits.waiting) {
        throw new OverloadedError(
          `${limits.waiting} ${what} are waiting already`,
          "Try again shortly, or add processes",
        );
      }
      return limit(job);
    },
    get running() {
      return limit.activeCount;
    },
    get waiting() {
      return limit.pendingCount;
    },
  };
}
