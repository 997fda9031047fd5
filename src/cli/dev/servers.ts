import express from "express";
import { keys } from "../../../keyspec/index.ts";
import { tables } from "../../../schema/social.ts";
import { systemClock as clock } from "../../adapters/system/clock.ts";
import type { NearCache } from "../../engine/near-cache.ts";
import type { Writer } from "../../engine/writer.ts";
import { backendRouter } from "../../http/backend-router.ts";
import { frontendRouter } from "../../http/frontend-router.ts";
import { type Checks, frontendChecks } from "../../http/health-checks.ts";
import { healthRouter } from "../../http/health-router.ts";
import { type Served, serve } from "../../http/serve.ts";
import type { Store } from "../../ports/store.ts";
import { DEFAULT_SETTINGS } from "../../protocol/settings.ts";

/** What the demo runs on: in memory, or real. */
export interface Ground {
  /** In words, for the first line of the story. */
  readonly words: string;
  readonly store: Store;
  readonly writer: Writer;
  readonly caches: readonly [NearCache, NearCache];
  close(): Promise<void>;
}

/** One backend and two frontends, listening. */
export interface DevServers {
  readonly backendUrl: string;
  readonly frontendUrls: readonly [string, string];
  close(): Promise<void>;
}

/** Listens on `basePort` (backend) and the two after it (frontends). Throws `PortInUseError`. */
export async function startServers(ground: Ground, basePort: number): Promise<DevServers> {
  const servers: Served[] = [];
  const listen = async (router: express.Router, ready: Checks, port: number): Promise<string> => {
    const app = express();
    app.disable("x-powered-by");
    app.use(healthRouter({ ready }), router);
    const server = await serve(app, { port });
    servers.push(server);
    return `http://127.0.0.1:${server.port}`;
  };
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const [first, second] = ground.caches;
  try {
    const backendUrl = await listen(backendRouter({ writer: ground.writer, tables }), {}, basePort);
    const one = await listen(frontendRouter({ cache: first, keys, clock }), readiness(first), basePort + 1);
    const two = await listen(frontendRouter({ cache: second, keys, clock }), readiness(second), basePort + 2);
    return { backendUrl, frontendUrls: [one, two], close };
  } catch (error) {
    await close();
    throw error;
  }
}

const readiness = (cache: NearCache): Checks => frontendChecks({ cache, clock, boundMs: DEFAULT_SETTINGS.boundMs });
