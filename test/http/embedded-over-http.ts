import { afterEach } from "vitest";
import { backendRouter } from "../../src/http/backend-router.ts";
import { frontendRouter } from "../../src/http/frontend-router.ts";
import { backendChecks, frontendChecks } from "../../src/http/health-checks.ts";
import { healthRouter } from "../../src/http/health-router.ts";
import {
  createEmbedded,
  createSeededEntropy,
  createVirtualClock,
  type Embedded,
  type EmbeddedFrontend,
  type EmbeddedOptions,
  type VirtualClock,
} from "../../src/testing/index.ts";
import { type Reply, send, serving } from "./server.ts";
import { keys, tables } from "./social.ts";

export interface Stack extends Embedded {
  readonly clock: VirtualClock;
  /** The frontend's own way to the log. */
  readonly frontendLog: EmbeddedFrontend["log"];
  /** Where the frontend answers. */
  readonly url: string;
  /** Reads through the frontend. */
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Writes through the backend. */
  write(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

const open: Embedded[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

/** A backend and a frontend over HTTP, with everything between them real but the database and the log; proven. */
export async function embeddedOverHttp(options: Partial<EmbeddedOptions> = {}): Promise<Stack> {
  const clock = createVirtualClock();
  const embedded = createEmbedded({ keys, clock, entropy: createSeededEntropy(1), ...options });
  open.push(embedded);
  await clock.advance(1_500);
  const [frontend] = embedded.frontends;
  if (frontend === undefined) throw new Error("one frontend");
  const reads = await serving(
    healthRouter({ ready: frontendChecks({ cache: frontend.cache, clock, boundMs: 10_000 }) }),
    frontendRouter({ cache: frontend.cache, keys: options.keys ?? keys, clock }),
  );
  const writes = await serving(
    healthRouter({ ready: backendChecks({ writer: embedded.writer, log: embedded.writerLog, store: embedded.store }) }),
    backendRouter({ writer: embedded.writer, tables }),
  );
  return {
    ...embedded,
    url: reads,
    frontendLog: frontend.log,
    clock,
    get: (path, headers = {}) => send(reads, path, { headers }),
    write: async (method, path, body, headers) => {
      const json = body === undefined ? {} : { "content-type": "application/json" };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const reply = await send(writes, path, { method, headers: { ...json, ...headers }, ...text });
      await clock.settle(); // the frontend has heard of it
      return reply;
    },
  };
}
