import { ageMs, type Instant } from "./instant.ts";
import type { Epoch, Sequence } from "./position.ts";

/**
 * The proof of currency (rules 9 and 10): the send time of a probe whose fresh tick this frontend has applied, with nothing missing
 * before it. Everything the log acknowledged before the probe was sent has then been applied, or flushed past.
 */
export interface Proof {
  /** When the newest proven probe was sent; undefined until the first. */
  provenAt: Instant | undefined;
  /** Probes under way, oldest first; at most `MAX_PROBES`. */
  readonly probes: Map<number, Probe>;
  /** Ticks seen on the feed, by their names; at most `MAX_TICKS`. */
  readonly ticks: Map<string, Sequence>;
  nextProbe: number;
}

export interface Probe {
  readonly sentAt: Instant;
  /** What the responder answered; undefined while it has not. */
  answer: { readonly epoch: Epoch; readonly sequence: Sequence; readonly tick: string } | undefined;
}

/** Enough that a probe sent 20 times a second is still waited for when the log takes as long as the bound to answer. */
const MAX_PROBES = 256;
/** Enough for the ticks of all responders between a tick's arrival and that of the answer that names it. */
const MAX_TICKS = 4096;

export function createProof(): Proof {
  return { provenAt: undefined, probes: new Map(), ticks: new Map(), nextProbe: 1 };
}

/** Notes that a probe is being sent now; call it before sending. */
export function beginProbe(state: Proof, now: Instant): number {
  const oldest = state.probes.keys().next();
  if (state.probes.size >= MAX_PROBES && !oldest.done) state.probes.delete(oldest.value);
  const id = state.nextProbe++;
  state.probes.set(id, { sentAt: now, answer: undefined });
  return id;
}

export function answerProbe(state: Proof, id: number, answer: Probe["answer"]): void {
  const probe = state.probes.get(id);
  if (probe === undefined) return;
  if (answer === undefined) state.probes.delete(id);
  else probe.answer = answer;
}

export function noteTick(state: Proof, name: string, at: Sequence): void {
  const oldest = state.ticks.keys().next();
  if (state.ticks.size >= MAX_TICKS && !oldest.done) state.ticks.delete(oldest.value);
  state.ticks.set(name, at);
}

/** Turns answered probes into proof, where that very tick was seen, in this epoch, and everything up to it is applied. True if proof moved. */
export function proveFrom(state: Proof, epoch: Epoch | undefined, applied: Sequence): boolean {
  let newest: number | undefined;
  for (const [id, { answer }] of state.probes) {
    if (answer === undefined || answer.epoch !== epoch || answer.sequence > applied) continue;
    if (state.ticks.get(answer.tick) === answer.sequence) newest = id;
  }
  if (newest === undefined) return false;
  state.provenAt = state.probes.get(newest)?.sentAt;
  forgetUpTo(state, newest);
  return true;
}

/** Probes sent before one that is proven could only prove less. */
function forgetUpTo(state: Proof, newest: number): void {
  for (const id of state.probes.keys()) {
    if (id > newest) return;
    state.probes.delete(id);
  }
}

/** The log is another than it was: what was proven of it, or is being proven, counts no more. */
export function voidProof(state: Proof): void {
  state.provenAt = undefined;
  state.probes.clear();
  state.ticks.clear();
}

/** How old what we answer can be at most, in milliseconds; Infinity without proof. */
export function proofAgeMs(state: Proof, now: Instant): number {
  return state.provenAt === undefined ? Number.POSITIVE_INFINITY : ageMs(state.provenAt, now);
}
