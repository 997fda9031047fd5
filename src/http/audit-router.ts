import express, { type Router } from "express";
import type { CacheStatistics } from "../engine/statistics.ts";

/** Whose audit is told of. */
export interface AuditRouterOptions {
  readonly cache: { statistics(): Pick<CacheStatistics, "audit"> };
}

/** Where a frontend says what its audit has found. */
export const AUDIT_PATH = "/_nearkey/audit";

/**
 * `GET /_nearkey/audit`: what was found by comparing hits with the database, as JSON: counts only, neither keys nor rows. `nearkey audit`
 * asks for it.
 *
 * @example
 * app.use(auditRouter({ cache }));
 */
export function auditRouter({ cache }: AuditRouterOptions): Router {
  const router = express.Router();
  router.get(AUDIT_PATH, (_req, res) => {
    const body = JSON.stringify(cache.statistics().audit);
    res.removeHeader("X-Powered-By");
    res.writeHead(200, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      "Cache-Control": "no-store",
    });
    res.end(body);
  });
  return router;
}
