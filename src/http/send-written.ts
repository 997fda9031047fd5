import type { ServerResponse } from "node:http";
import type { Written } from "../engine/writer.ts";
import { formatPosition, type Position } from "../protocol/position.ts";
import { positionHeader } from "./position-headers.ts";
import { HttpProblem } from "./problem.ts";

/** What the answer to a write says. */
interface WrittenBody {
  /** Where its keys are in the log; null while they are not: caches may hold the old value until they are. */
  readonly position: string | null;
  /** False if a condition did not hold. */
  readonly applied: boolean;
  readonly timestampMicros: number;
}

/** Answers a write that is done and announced with `status`; one that is done but not announced with 202. */
export function sendWritten(res: ServerResponse, status: 200 | 201 | 204, written: Written): void {
  const { position, applied, timestampMicros } = written;
  // 202: done, so that no one must repeat it; but readers may not know, so that it is not all of a success.
  if (position === undefined) send(res, 202, position, { position: null, applied, timestampMicros });
  else send(res, status, position, { position: formatPosition(position), applied, timestampMicros });
}

/** The problem of a condition that did not hold. Nothing was written, but where it was found so has a position too. */
export function notApplied({ position }: Written): HttpProblem {
  const detail = "The condition did not hold; nothing was written";
  return new HttpProblem("precondition-failed", { detail, headers: positionHeader(position) });
}

function send(res: ServerResponse, status: number, position: Position | undefined, body: WrittenBody): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    "Cache-Control": "no-store",
    ...positionHeader(position),
    ...(status !== 204 && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }),
  });
  res.end(status === 204 ? undefined : text);
}
