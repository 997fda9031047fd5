import type { ServerResponse } from "node:http";
import express, { type Request, type Router } from "express";
import { NearkeyError } from "../spec/error.ts";
import type { Draining } from "./draining.ts";
import type { Check, CheckResult, Checks } from "./health-checks.ts";

export interface HealthRouterOptions {
  /** Whether the process works at all; default: that it answers. Only what a restart would cure belongs here. */
  readonly alive?: () => boolean;
  /** What must be so for the process to be sent requests: named checks, or one answer. */
  readonly ready: Checks | (() => boolean);
  /** Makes `/readyz` fail from the moment the process is about to end. */
  readonly draining?: Pick<Draining, "begun">;
  /** How long one check may take, in milliseconds; longer is a failure. Default 2,000. */
  readonly checkDeadlineMs?: number;
}

type Report = Readonly<Record<string, CheckResult>>;

/**
 * `/livez` says whether to restart the process, `/readyz` whether to send it requests: 200 or 503, with the state of each check as
 * `application/health+json`. What is degraded is ready, except for `/readyz?strict`.
 *
 * @example
 * app.use(healthRouter({ ready: backendChecks({ writer, log, store }), draining }));
 */
export function healthRouter({
  alive = () => true,
  ready,
  draining,
  checkDeadlineMs = 2000,
}: HealthRouterOptions): Router {
  const accepting: Check = () =>
    draining?.begun ? { status: "fail", output: "The process is about to end" } : { status: "pass" };
  const checks: Checks = { accepting, ...(typeof ready === "function" ? { ready: checkOf(ready) } : ready) };

  const router = express.Router();
  router.get("/livez", async (req, res) => {
    res.removeHeader("X-Powered-By");
    send(req, res, await run({ alive: checkOf(alive) }, checkDeadlineMs));
  });
  router.get("/readyz", async (req, res) => {
    res.removeHeader("X-Powered-By");
    send(req, res, await run(checks, checkDeadlineMs));
  });
  return router;
}

const checkOf =
  (holds: () => boolean): Check =>
  () => ({ status: holds() ? "pass" : "fail" });

async function run(checks: Checks, deadlineMs: number): Promise<Report> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await runOne(check, deadlineMs)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function runOne(check: Check, deadlineMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ status: "fail", output: `No result within ${deadlineMs} ms` }), deadlineMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    // Not the message, which may name hosts: probes are often open to anyone.
    return { status: "fail", output: error instanceof NearkeyError ? error.code : "The check threw an error" };
  } finally {
    clearTimeout(timer);
  }
}

function send(req: Request, res: ServerResponse, report: Report): void {
  const statuses = Object.values(report).map((result) => result.status);
  const status = statuses.includes("fail") ? "fail" : statuses.includes("warn") ? "warn" : "pass";
  const strict = new URLSearchParams(req.url.split("?")[1]).has("strict");
  const unfit = status === "fail" || (status === "warn" && strict);
  // The draft gives each check a list, for several instances of one thing.
  const checks = Object.fromEntries(Object.entries(report).map(([name, result]) => [name, [result]]));
  const body = JSON.stringify({ status, checks });
  res.writeHead(unfit ? 503 : 200, {
    "Content-Type": "application/health+json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
  });
  res.end(req.method === "HEAD" ? undefined : body);
}
