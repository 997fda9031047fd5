import type { Position } from "./position.ts";
import { checkStored, hasLost, noteFlushed, type Witness } from "./witness.ts";

/**
 * Answers pulses with ticks (rule 10): a tick whose sending began after the request arrived, and which was acknowledged. Requests that
 * wait share a tick. If the log is seen to have lost messages, a flush goes out first, and only then are pulses answered.
 */
export interface Responder {
  /** Requests that arrived and are in no tick yet. At most `MAX_WAITING`. */
  waiting: number[];
  flying: Flying | undefined;
}

interface Flying {
  readonly tick: string;
  readonly requests: readonly number[];
  readonly flush: boolean;
  /** The losses known when it was sent. */
  readonly losses: number;
  readonly before: Position | undefined;
}

export interface PulseAnswer extends Position {
  readonly tick: string;
}

export interface Answered {
  readonly requests: readonly number[];
  /** What to tell them; undefined: they are refused, and stay unproven. */
  readonly pulse: PulseAnswer | undefined;
}

const MAX_WAITING = 10_000;

export function createResponder(): Responder {
  return { waiting: [], flying: undefined };
}

/** A request arrived. False if too many wait already: it is refused. */
export function addRequest(state: Responder, request: number): boolean {
  if (state.waiting.length >= MAX_WAITING) return false;
  state.waiting.push(request);
  return true;
}

/** The tick to send now, under a name never used before; undefined if one is under way or nothing asks for one. */
export function nextTick(
  state: Responder,
  witness: Witness,
  name: string,
): { readonly tick: string; readonly flush: boolean } | undefined {
  const flush = hasLost(witness);
  if (state.flying !== undefined || (state.waiting.length === 0 && !flush)) return undefined;
  const { losses, highest } = witness;
  state.flying = { tick: name, requests: state.waiting, flush, losses, before: highest };
  state.waiting = [];
  return { tick: name, flush };
}

/** The tick under way was acknowledged at this position. */
export function tickAcked(state: Responder, witness: Witness, at: Position): Answered {
  const { requests, tick, flush, losses, before } = landed(state);
  const back = checkStored(witness, before, at);
  if (flush && !back) noteFlushed(witness, losses);
  if (hasLost(witness)) return { requests, pulse: undefined }; // seen by this tick, or by a message sent beside it
  return { requests, pulse: { ...at, tick } };
}

/** The tick under way was not acknowledged: it proves nothing, even if it is stored later. */
export function tickFailed(state: Responder): Answered {
  return { requests: landed(state).requests, pulse: undefined };
}

function landed(state: Responder): Flying {
  const { flying } = state;
  if (flying === undefined) throw new Error("no tick is under way");
  state.flying = undefined;
  return flying;
}
