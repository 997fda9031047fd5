import type { FrontendState } from "./frontend.ts";
import type { Instant } from "./instant.ts";
import type { Position } from "./position.ts";

/**
 * A request may ask for a position: the answer must reflect every write whose keys are at or before it. Memory may answer once the position
 * is applied; until then only a strong read does that began after the request came, because the write was acknowledged before it.
 */
export function hasApplied({ feed }: FrontendState, asked: Position): boolean {
  return feed.epoch === asked.epoch && feed.applied >= asked.sequence;
}

/** Up to where this frontend has come; undefined before it first reached the log. */
export function ownPosition({ feed }: FrontendState): Position | undefined {
  return feed.epoch === undefined ? undefined : { epoch: feed.epoch, sequence: feed.applied };
}

/**
 * The position to give to whoever asked for one that is not applied. Who holds on to it must not fall back behind a write of its own, so it
 * is the one asked for, unless that is void.
 */
export function positionBehind(state: FrontendState, asked: Position, arrivedAt: Instant): Position {
  const own = ownPosition(state);
  return own !== undefined && isVoid(state, asked, arrivedAt) ? own : asked;
}

/**
 * True if the position will never be applied: a tick that was sent after the request came is applied, and this position is not, though it
 * was given before the request came. It is of a life of the log that is over, or of records that the log has lost since, or made up.
 */
export function isVoid(state: FrontendState, asked: Position, arrivedAt: Instant): boolean {
  const { provenAt } = state.proof;
  return provenAt !== undefined && provenAt.monotonicMs > arrivedAt.monotonicMs && !hasApplied(state, asked);
}
