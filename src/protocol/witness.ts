import type { Position } from "./position.ts";

/**
 * What this process knows the log acknowledged: the highest position. A message that is stored after that was acknowledged has a higher
 * sequence; if it has not, the log has lost messages that it had acknowledged, and a flush must go out.
 *
 * It sees a loss only if it sends something before others have filled the log up again to what it knew.
 */
export interface Witness {
  highest: Position | undefined;
  /** The highest that was acknowledged to a message of our own, sent for the first time: no other message has it. */
  own: Position | undefined;
  /** How many losses were seen. */
  losses: number;
  /** How many of them a flush covers that was sent after them and acknowledged. */
  flushed: number;
}

export function createWitness(): Witness {
  return { highest: undefined, own: undefined, losses: 0, flushed: 0 };
}

/** True from the moment a loss is seen until a flush is acknowledged. */
export function hasLost(state: Witness): boolean {
  return state.losses > state.flushed;
}

/** The log acknowledged, or delivered, a message at this position. Out of order is fine. */
export function noteStored(state: Witness, at: Position): void {
  const { highest } = state;
  if (highest === undefined || highest.epoch !== at.epoch || at.sequence > highest.sequence) state.highest = at;
}

/**
 * A message that was sent for the first time, when `before` was the highest, has been stored at `at`. True if the log went back: the new
 * history begins there. So it does if another message of our own was acknowledged at that very place while this one was on its way.
 * Not for a message that is sent again under its id: that may have been stored long ago.
 */
export function checkStored(state: Witness, before: Position | undefined, at: Position): boolean {
  const isBehind = before !== undefined && before.epoch === at.epoch && at.sequence <= before.sequence;
  const { own } = state;
  const back = isBehind || (own?.epoch === at.epoch && own.sequence === at.sequence);
  if (back) {
    state.losses++;
    state.highest = at;
  } else noteStored(state, at);
  if (back || own?.epoch !== at.epoch || at.sequence > own.sequence) state.own = at;
  return back;
}

/** A flush that was sent when this many losses were known has been acknowledged. A loss seen since may have taken it, too. */
export function noteFlushed(state: Witness, losses: number): void {
  state.flushed = Math.max(state.flushed, losses);
}
