import { ageMs, type Instant } from "./instant.ts";
import type { Position } from "./position.ts";

/**
 * One write (rule 11):
 *
 *     fencing --fence acked--> writing --written--> announcing --keys acked--> done
 *        |                        |                     `--no ack--> written, not announced; goes on announcing
 *        |                        |--refused--> failed: nothing written; the fence is closed by keys
 *        |                        `--unknown--> unknown: a touch; the fence stays open (rule 8)
 *        `--no ack--> failed: nothing written, and closed if it was perhaps stored; or, if asked for, written unannounced
 */
export type WriteState =
  | { readonly phase: "fencing"; readonly sentAt: Instant }
  | { readonly phase: "writing" }
  | { readonly phase: "writing-unannounced" }
  | { readonly phase: "announcing"; readonly applied: boolean }
  | { readonly phase: "answered" };

export type WriteEvent =
  | { readonly type: "fence-acked" }
  | { readonly type: "fence-failed"; readonly maybeStored: boolean }
  | { readonly type: "written"; readonly applied: boolean }
  | { readonly type: "write-refused" }
  | { readonly type: "write-unknown" }
  | { readonly type: "keys-acked"; readonly position: Position }
  | { readonly type: "keys-failed" };

/** What the writer must do next; at most one database write, one answer. */
export type WriteEffect =
  | { readonly type: "write-database" }
  | { readonly type: "publish-keys" }
  /** Publish in the background until acknowledged; nobody waits. */
  | { readonly type: "keep-publishing"; readonly kind: "keys" | "touch" }
  | { readonly type: "answer"; readonly outcome: WriteOutcome };

export type WriteOutcome =
  | { readonly kind: "done"; readonly applied: boolean; readonly position: Position }
  | { readonly kind: "done-unannounced"; readonly applied: boolean }
  | { readonly kind: "nothing-written"; readonly why: "no-fence" | "fence-too-old" | "refused" }
  | { readonly kind: "unknown" }
  | { readonly kind: "written-not-announced"; readonly applied: boolean };

export interface WriteRules {
  /** F. */
  readonly fenceMs: number;
  /** How long the database may take. */
  readonly databaseDeadlineMs: number;
  /** Write though no fence could be published: the promise is off for these keys until they are announced. */
  readonly onLogDown: "fail" | "write";
}

export interface WriteStep {
  readonly state: WriteState;
  readonly effects: readonly WriteEffect[];
}

const ANSWERED: WriteState = { phase: "answered" };
/** Nothing was written: keys close the fence, and touch in vain. */
const CLOSE: WriteEffect = { type: "keep-publishing", kind: "keys" };

/** The fence is about to be sent; its age counts from now. */
export function beginWrite(now: Instant): WriteState {
  return { phase: "fencing", sentAt: now };
}

/** One step of one write. An event that does not belong to the phase is a bug of the caller, and throws. */
export function stepWrite(state: WriteState, event: WriteEvent, now: Instant, rules: WriteRules): WriteStep {
  if (state.phase === "fencing") return stepFencing(state.sentAt, event, now, rules);
  if (state.phase === "writing") return stepWriting(event);
  if (state.phase === "writing-unannounced") return stepUnannounced(event);
  if (state.phase === "announcing") return stepAnnouncing(state.applied, event);
  throw unexpected(state.phase, event.type);
}

function stepFencing(sentAt: Instant, event: WriteEvent, now: Instant, rules: WriteRules): WriteStep {
  if (event.type === "fence-failed") {
    if (rules.onLogDown === "write")
      return { state: { phase: "writing-unannounced" }, effects: [{ type: "write-database" }] };
    // What was perhaps stored is closed: else it would be taken for that of a writer which died.
    const close = event.maybeStored ? [CLOSE] : [];
    return { state: ANSWERED, effects: [answer({ kind: "nothing-written", why: "no-fence" }), ...close] };
  }
  if (event.type !== "fence-acked") throw unexpected("fencing", event.type);
  // A process that was paused here could write after its fence has ended everywhere, and crash before its keys.
  if (ageMs(sentAt, now) + rules.databaseDeadlineMs > rules.fenceMs) {
    return { state: ANSWERED, effects: [answer({ kind: "nothing-written", why: "fence-too-old" }), CLOSE] };
  }
  return { state: { phase: "writing" }, effects: [{ type: "write-database" }] };
}

function stepWriting(event: WriteEvent): WriteStep {
  if (event.type === "written") {
    return { state: { phase: "announcing", applied: event.applied }, effects: [{ type: "publish-keys" }] };
  }
  return stepNotWritten(event, "writing");
}

function stepUnannounced(event: WriteEvent): WriteStep {
  if (event.type === "written") {
    const later = { type: "keep-publishing", kind: "keys" } as const;
    return { state: ANSWERED, effects: [answer({ kind: "done-unannounced", applied: event.applied }), later] };
  }
  return stepNotWritten(event, "writing-unannounced");
}

function stepNotWritten(event: WriteEvent, phase: WriteState["phase"]): WriteStep {
  if (event.type === "write-refused") {
    return { state: ANSWERED, effects: [answer({ kind: "nothing-written", why: "refused" }), CLOSE] };
  }
  if (event.type === "write-unknown") {
    const touch = { type: "keep-publishing", kind: "touch" } as const;
    return { state: ANSWERED, effects: [answer({ kind: "unknown" }), touch] };
  }
  throw unexpected(phase, event.type);
}

function stepAnnouncing(applied: boolean, event: WriteEvent): WriteStep {
  if (event.type === "keys-acked") {
    return { state: ANSWERED, effects: [answer({ kind: "done", applied, position: event.position })] };
  }
  if (event.type === "keys-failed") {
    const later = { type: "keep-publishing", kind: "keys" } as const;
    return { state: ANSWERED, effects: [answer({ kind: "written-not-announced", applied }), later] };
  }
  throw unexpected("announcing", event.type);
}

const answer = (outcome: WriteOutcome): WriteEffect => ({ type: "answer", outcome });

const unexpected = (phase: WriteState["phase"], event: WriteEvent["type"]): Error =>
  new Error(`a write that is ${phase} got ${event}`);
