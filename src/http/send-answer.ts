import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../engine/near-cache.ts";
import type { Instant } from "../protocol/instant.ts";
import type { AnyKey } from "../spec/key.ts";
import { cacheStatus } from "./cache-status.ts";
import { matchAllows, noneMatchNames } from "./entity-tags.ts";
import { positionHeader } from "./position-headers.ts";
import { HttpProblem, sendProblem } from "./problem.ts";

/** Downstream caches get no invalidations, so they must ask each time; the entity tag makes that cheap. */
const CACHE_CONTROL = "private, no-cache";
/** RFC 9111, 1.2.2: what stands for an age that is too large, and so for one that is not known. */
const OLDEST_SECONDS = 2_147_483_648;

export interface AnswerToSend {
  readonly key: AnyKey;
  readonly answer: Answer;
  readonly now: Instant;
  /** Where the next page is, relative to this one. */
  readonly next?: string;
  /** True if the client's wish to wait for a position was heard. */
  readonly mayWait: boolean;
}

/** Sends an answer, or 304 to one who has it, or 404 where there is no row. */
export function sendAnswer(
  req: IncomingMessage,
  res: ServerResponse,
  { key, answer, now, next, mayWait }: AnswerToSend,
): void {
  const headers = {
    "Cache-Control": key.options.cacheControl ?? CACHE_CONTROL,
    "Cache-Status": cacheStatus(answer, now),
    Age: ageSeconds(answer.ageMs),
    "Accept-Ranges": "none",
    "Nearkey-Coherent": answer.coherent ? "?1" : "?0",
    // Where others may keep it: an answer that is new enough for one position is too old for another.
    ...(key.options.cacheControl !== undefined && { Vary: "Nearkey-Min-Position" }),
    ...positionHeader(answer.position),
    ...(mayWait && { "Preference-Applied": "wait" }),
    ...(next !== undefined && { Link: `<${next}>; rel="next"` }),
  };
  if (answer.value === undefined) {
    sendProblem(req, res, new HttpProblem("not-found", { detail: "No such row", key: answer.keyText, headers }));
  } else if (!matchAllows(req.headers["if-match"], answer.etag)) {
    const detail = "If-Match names another version than the current one; read it anew";
    sendProblem(req, res, new HttpProblem("precondition-failed", { detail, key: answer.keyText, headers }));
  } else if (noneMatchNames(req.headers["if-none-match"], answer.etag)) {
    res.writeHead(304, { ...headers, ETag: answer.etag }).end();
  } else {
    const length = Buffer.byteLength(answer.json);
    res.writeHead(200, { "Content-Type": "application/json", "Content-Length": length, ETag: answer.etag, ...headers });
    res.end(req.method === "HEAD" ? undefined : answer.json);
  }
}

/** Rounded up: it is a bound, and must not be understated. */
function ageSeconds(ageMs: number): string {
  return String(Number.isFinite(ageMs) ? Math.max(0, Math.ceil(ageMs / 1000)) : OLDEST_SECONDS);
}
