import type { IncomingMessage, ServerResponse } from "node:http";
import type { NearCache } from "../engine/near-cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { KeySet } from "../spec/catalog.ts";
import { acceptsJson } from "./accept.ts";
import { problemsOf, READ_ERRORS, reportError } from "./error-meanings.ts";
import { answerFinder } from "./find-answer.ts";
import { askedFor, type KeyMatch, keyRoutes } from "./key-routes.ts";
import { positionOfProblem } from "./position-headers.ts";
import { HttpProblem, sendProblem, withHeaders } from "./problem.ts";
import { readOptions } from "./read-options.ts";
import { MAX_TARGET_LENGTH, parseQuery, parseTarget } from "./request-target.ts";
import { sendAnswer } from "./send-answer.ts";

export interface ReadHandlerOptions {
  readonly cache: Pick<NearCache, "answer" | "page" | "position">;
  readonly keys: KeySet;
  /** The clock that the cache runs by. Default: the system's. */
  readonly clock?: Pick<Clock, "now">;
  /** Told of every error that is answered with 500. Default: it is written to standard error. */
  readonly onError?: (error: unknown) => void;
}

/** A handler of Node's own HTTP server, which also fits Express. It calls `next` for paths that are no key's. */
export type ReadHandler = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/**
 * What `frontendRouter` serves, without Express, whose own work is most of the time of a hit: put it in front of the application where
 * that counts.
 *
 * @example
 * const reads = readHandler({ cache, keys });
 * await serve((req, res) => reads(req, res, () => app(req, res)), { port: 8080 });
 */
export function readHandler({ cache, keys, clock = SYSTEM, onError = reportError }: ReadHandlerOptions): ReadHandler {
  const routes = keyRoutes(keys);
  const problemOf = problemsOf(READ_ERRORS, onError);
  const findAnswer = answerFinder(cache, problemOf);

  const respond = async (
    req: IncomingMessage,
    res: ServerResponse,
    matches: readonly KeyMatch[],
    queryText: string,
  ) => {
    try {
      const arrivedAt = clock.now();
      refuseRequest(req);
      const query = parseQuery(queryText);
      const asked = askedFor(matches, query);
      const options = readOptions(asked, query, req.headers, arrivedAt);
      const found = await findAnswer(asked, options);
      sendAnswer(req, res, { key: asked.key, ...found, now: clock.now(), mayWait: (options.answer.waitMs ?? 0) > 0 });
    } catch (error) {
      const headers = positionOfProblem(req.headers, cache.position());
      sendProblem(req, res, withHeaders(problemOf(error), headers));
    }
  };

  return (req, res, next) => {
    const target = parseTarget(req.url);
    const matches = target === undefined ? [] : routes.find(target.segments);
    if (target === undefined || matches.length === 0) next();
    else void respond(req, res, matches, target.query);
  };
}

const SYSTEM: Pick<Clock, "now"> = { now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }) };

function refuseRequest(req: IncomingMessage): void {
  if (req.method !== "GET" && req.method !== "HEAD") {
    const headers = { Allow: "GET, HEAD" };
    throw new HttpProblem("method-not-allowed", { detail: "Keys are read here, with GET or HEAD", headers });
  }
  if ((req.url?.length ?? 0) > MAX_TARGET_LENGTH) {
    throw new HttpProblem("uri-too-long", { detail: `Send at most ${MAX_TARGET_LENGTH} characters` });
  }
  if (!acceptsJson(req.headers.accept)) {
    throw new HttpProblem("not-acceptable", { detail: "Accept application/json" });
  }
}
