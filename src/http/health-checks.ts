import type { NearCache } from "../engine/near-cache.ts";
import type { Writer } from "../engine/writer.ts";
import type { Clock } from "../ports/clock.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Store } from "../ports/store.ts";

/** What one check found. `warn` is degraded: it still serves. */
export interface CheckResult {
  readonly status: "pass" | "warn" | "fail";
  /** Why, in words for an operator. */
  readonly output?: string;
}

/** One thing that must be so for the process to serve. What it throws is a failure. */
export type Check = () => CheckResult | Promise<CheckResult>;

export type Checks = Readonly<Record<string, Check>>;

/**
 * The readiness of a frontend: the log was replayed to its head. A lost proof of currency is degraded and not unready: reads go past the
 * cache, and to take every frontend out of service at once would help nobody.
 *
 * @example
 * healthRouter({ ready: frontendChecks({ cache, clock: systemClock, boundMs: 10_000 }), draining })
 */
export function frontendChecks({ cache, clock, boundMs }: FrontendChecksOptions): Checks {
  return {
    replayed: () =>
      cache.ready
        ? PASS
        : { status: "fail", output: "The log is not yet replayed to its head, or what nearkey rests on does not hold" },
    current: () => {
      const ageMs = cache.proofAgeMs(clock.now());
      if (ageMs <= boundMs) return PASS;
      const age = Number.isFinite(ageMs) ? `${Math.round(ageMs)} ms old` : "missing";
      return { status: "warn", output: `The proof of currency is ${age}; reads go past the cache` };
    },
  };
}

export interface FrontendChecksOptions {
  readonly cache: Pick<NearCache, "ready" | "proofAgeMs">;
  readonly clock: Pick<Clock, "now">;
  /** The bound that the cache runs with, in milliseconds. */
  readonly boundMs: number;
}

/**
 * The readiness of a backend: what writing rests on holds, the log is connected, since writes need it, and the database answers.
 *
 * @example
 * healthRouter({ ready: backendChecks({ writer, log, store }), draining })
 */
export function backendChecks({ writer, log, store, pingDeadlineMs = 1000 }: BackendChecksOptions): Checks {
  return {
    assumptions: () =>
      writer.ready ? PASS : { status: "fail", output: "What nearkey rests on is not known to hold; the log says more" },
    log: () => (log.connected ? PASS : { status: "fail", output: "The invalidation log is not connected" }),
    database: async () => {
      await store.ping({ deadlineMs: pingDeadlineMs });
      return PASS;
    },
  };
}

export interface BackendChecksOptions {
  readonly writer: Pick<Writer, "ready">;
  readonly log: Pick<InvalidationLog, "connected">;
  readonly store: Pick<Store, "ping">;
  readonly pingDeadlineMs?: number;
}

const PASS: CheckResult = { status: "pass" };
