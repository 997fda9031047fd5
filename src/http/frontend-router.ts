import express, { type Router } from "express";
import { type ReadHandlerOptions, readHandler } from "./read-handler.ts";

export type FrontendRouterOptions = ReadHandlerOptions;

/**
 * Serves every declared key under its path, from a near cache:
 *
 * - `GET /users/42`: one value; 404 where there is no row.
 * - `GET /users?id=1&id=2`: an array of up to 100 values in that order, `null` for absent rows. Every key whose path ends in a parameter
 *   has this form, unless the parameter is called `limit` or `after`.
 * - `GET /users/42/friends`: the whole list, or its first 1000 rows where it is longer than the key's `maxRows`.
 * - `GET /users/42/friends?limit=50`: a page. Where more follow, a `Link` header with `rel="next"` leads to them.
 *
 * Parameters are written as the canonical text of their type, e.g. a blob as `0xff`. A path of a key refuses every method but GET and
 * HEAD, so mount a backend's routes under another prefix, or before.
 *
 * @example
 * app.use(frontendRouter({ cache, keys }));
 */
export function frontendRouter(options: FrontendRouterOptions): Router {
  const handle = readHandler(options);
  return express.Router().use((req, res, next) => {
    res.removeHeader("X-Powered-By");
    handle(req, res, () => next());
  });
}
