import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type Express } from "express";
import { createDraining } from "../http/draining.ts";
import type { Checks } from "../http/health-checks.ts";
import { healthRouter } from "../http/health-router.ts";
import { HttpProblem, sendProblem } from "../http/problem.ts";
import { serve } from "../http/serve.ts";
import { NearkeyError } from "../spec/error.ts";
import type { Served } from "./assemble.ts";
import type { Config } from "./config.ts";
import { ListenError } from "./start-error.ts";

/** The HTTP server of a process: open from the first moment, so that probes are answered while it still looks for its servers. */
export interface FrontDoor {
  readonly url: string;
  /** From now on requests are served. */
  serve(served: Served): void;
  /** Unready at once, then no new requests; resolves when those in flight are answered. */
  close(): Promise<void>;
}

/** Listens; until it is told what to serve, `/readyz` tells what these checks find. Throws `PortInUseError`. */
export async function openFrontDoor({ host, port, shutdownMs }: Config, starting: Checks): Promise<FrontDoor> {
  const draining = createDraining();
  let served: Served | undefined;
  let others = answering(NOT_YET, healthRouter({ ready: starting, draining }));

  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    const next = (): void => void others(req, res);
    if (served?.reads === undefined || isOperators(req.url)) next();
    else served.reads(req, res, next);
  };
  // What is in flight is cut off in time for the rest to be closed.
  const deadlineMs = Math.ceil(shutdownMs * 0.5);
  const server = await serve(handle, { host, port, draining, deadlineMs }).catch((error: unknown) => {
    throw error instanceof NearkeyError ? error : cannotListen(host, port, error);
  });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`,
    serve: (what) => {
      const health = healthRouter({ ready: what.checks, draining });
      others = answering(NOTHING_HERE, ...(what.router === undefined ? [health] : [health, what.router]));
      served = what;
    },
    close: () => server.close(),
  };
}

function cannotListen(host: string, port: number, cause: unknown): ListenError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const remedy = "Give as host an address of this machine, or 0.0.0.0, and a port that this user may take";
  return new ListenError(`cannot listen on ${host}, port ${port}: ${why}`, remedy, { cause });
}

const NOT_YET = new HttpProblem("database-unavailable", {
  detail: "This process is starting and has not reached Cassandra and NATS yet; /readyz says what it waits for",
  retryAfterMs: 1_000,
});

const NOTHING_HERE = new HttpProblem("no-such-resource", { detail: "No key and no table has this path" });

/** What operators ask is answered before keys, whatever the keys are called. */
const isOperators = (url = ""): boolean => ["/livez", "/readyz", "/_nearkey/"].some((path) => url.startsWith(path));

/** These routers, and the problem for what is none of theirs. */
function answering(problem: HttpProblem, ...routers: express.Router[]): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(...routers);
  app.use((req: IncomingMessage, res: ServerResponse) => sendProblem(req, res, problem));
  return app;
}
