import type { Clock, Timer } from "../ports/clock.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import { answerProbe, beginProbe, proveFrom } from "../protocol/proof.ts";

/** Asks for a proof of currency again and again, so that one is always younger than the bound while the log can be reached. */
export interface Prober {
  start(): void;
  /** The log has moved: an answered probe may now be proof. */
  moved(): void;
  /** Asks at once, too. Resolves when a probe that was sent after this is proof, or after that time. */
  proveNow(waitMs: number): Promise<void>;
  close(): void;
}

export interface ProberOptions {
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly state: FrontendState;
  readonly everyMs: number;
  /** Called when a proof came in. */
  readonly proven: () => void;
}

/** Before the first proof there is nothing to serve from: ask more often, but not so where nobody answers. */
const FIRST_PAUSE_MS = 50;
/** Those who want a proof at once share what is sent at this pace. */
const AT_ONCE_EVERY_MS = 50;
/** More than these do not wait for one. */
const MAX_WAITING = 1_000;

export function createProber({ log, clock, state, everyMs, proven }: ProberOptions): Prober {
  let timer: Timer | undefined;
  let closed = false;
  let firstPauseMs = FIRST_PAUSE_MS;
  let atOnce: Timer | undefined;
  let lastAtOnceMs = Number.NEGATIVE_INFINITY;
  const waiting = new Set<{ readonly sinceMs: number; end(): void }>();

  const prove = (): void => {
    if (!proveFrom(state.proof, state.feed.epoch, state.feed.applied)) return;
    firstPauseMs = FIRST_PAUSE_MS;
    const { provenAt } = state.proof;
    for (const one of waiting) if (provenAt !== undefined && provenAt.monotonicMs > one.sinceMs) one.end();
    proven();
  };

  const probe = async (): Promise<void> => {
    const id = beginProbe(state.proof, clock.now()); // before sending: the proof is as old as this moment
    try {
      const pulse = await log.requestPulse({ deadlineMs: state.settings.boundMs });
      answerProbe(state.proof, id, pulse);
      prove();
    } catch {
      answerProbe(state.proof, id, undefined); // nobody answered: the next probe asks again
    }
  };

  const keepProbing = (): void => {
    if (closed) return;
    const isUnproven = state.proof.provenAt === undefined;
    timer = clock.after(isUnproven ? Math.min(firstPauseMs, everyMs) : everyMs, keepProbing);
    if (!log.connected || state.feed.phase !== "live") return;
    if (isUnproven) firstPauseMs = Math.min(firstPauseMs * 2, everyMs);
    void probe();
  };

  const probeAtOnce = (): void => {
    const nowMs = clock.now().monotonicMs;
    lastAtOnceMs = Math.max(nowMs + 1, lastAtOnceMs + AT_ONCE_EVERY_MS); // later than whoever wants it now
    atOnce = clock.after(lastAtOnceMs - nowMs, () => {
      atOnce = undefined;
      if (log.connected && state.feed.phase === "live") void probe();
    });
  };

  const proveNow = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      if (closed || waiting.size >= MAX_WAITING) return resolve();
      const end = (): void => {
        waiting.delete(one);
        limit.cancel();
        resolve();
      };
      const one = { sinceMs: clock.now().monotonicMs, end };
      const limit = clock.after(waitMs, end, { keepsAlive: true });
      waiting.add(one);
      if (atOnce === undefined) probeAtOnce();
    });

  return {
    start: keepProbing,
    moved: prove,
    proveNow,
    close: () => {
      closed = true;
      timer?.cancel();
      atOnce?.cancel();
      for (const { end } of waiting) end();
    },
  };
}
