import type { IncomingHttpHeaders } from "node:http";
import { formatPosition, type Position, parsePosition } from "../protocol/position.ts";
import { show } from "../spec/error.ts";
import { HttpProblem } from "./problem.ts";

/** What a request says about the position that its answer must reflect. */
export interface WantedPosition {
  readonly minPosition: Position | undefined;
  /** How long the client is willing to wait for it, in milliseconds; 0 where it does not say. */
  readonly waitMs: number;
}

/** RFC 7240, 4.3: whole seconds. */
const WAIT = /^wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i;

/**
 * Reads `Nearkey-Min-Position: <epoch>.<sequence>` and `Prefer: wait=<seconds>`. Throws `HttpProblem` for a position that is none: whoever
 * sends it relies on what it says. A preference that is not understood is passed over, as RFC 7240 has it.
 */
export function wantedPosition(headers: IncomingHttpHeaders): WantedPosition {
  const text = headers["nearkey-min-position"];
  if (text === undefined) return { minPosition: undefined, waitMs: 0 };
  const minPosition = typeof text === "string" ? parsePosition(text) : undefined;
  if (minPosition === undefined) throw malformed(text);
  return { minPosition, waitMs: waitMs(headers.prefer) };
}

/** Of several, the first counts (RFC 7240, 2). */
function waitMs(prefer: string | readonly string[] = ""): number {
  const preferences = String(prefer).split(",");
  const wait = preferences.map((preference) => WAIT.exec(preference.trim())).find((match) => match !== null);
  return Number(wait?.[1] ?? 0) * 1_000;
}

function malformed(text: string | readonly string[]): HttpProblem {
  const detail = `${show(text)} is not a position; send one Nearkey-Min-Position as an answer's Nearkey-Position gave it`;
  return new HttpProblem("bad-position", { detail });
}

/** The header of an answer: a position that it reflects. */
export function positionHeader(position: Position | undefined): { readonly "Nearkey-Position"?: string } {
  return position === undefined ? {} : { "Nearkey-Position": formatPosition(position) };
}

/** The header of an answer that reflects nothing: who asked for a position keeps it. */
export function positionOfProblem(headers: IncomingHttpHeaders, own: Position | undefined) {
  const text = headers["nearkey-min-position"];
  return positionHeader((typeof text === "string" && parsePosition(text)) || own);
}
