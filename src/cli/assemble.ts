import type { Router } from "express";
import type { Logger } from "pino";
import type { Checks } from "../http/health-checks.ts";
import type { ReadHandler } from "../http/read-handler.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Store } from "../ports/store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { KeySet } from "../spec/catalog.ts";
import type { Config } from "./config.ts";

/** What a server is made of, once everything it needs was reached. */
export interface Parts {
  readonly config: Config;
  readonly keys: KeySet;
  readonly store: Store;
  readonly log: InvalidationLog;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** What the process serves. */
export interface Served {
  /** Asked before Express, whose own work would be most of the time of a hit. */
  readonly reads?: ReadHandler;
  readonly router?: Router;
  /** What `/readyz` looks at. */
  readonly checks: Checks;
  /** Settles once it is ready. Throws `AssumptionError`. */
  readonly ready: Promise<boolean>;
  close(): Promise<void>;
}

export type Assemble = (parts: Parts) => Served;

/** Until `close`: the longest that a timer can be set to. */
export const LONGEST_WAIT_MS = 2 ** 31 - 1;
