import type { Clock, Timer } from "../ports/clock.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import { answerProbe, beginProbe, proveFrom } from "../protocol/proof.ts";

/** Asks for a proof of currency again and again, so that one is always younger than the bound while the log can be reached. */
export interface Prober {
  start(): void;
  /** The log has moved: an answered probe may now be proof. */
  moved(): void;
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

export function createProber({ log, clock, state, everyMs, proven }: ProberOptions): Prober {
  let timer: Timer | undefined;
  let closed = false;
  let firstPauseMs = FIRST_PAUSE_MS;

  const prove = (): void => {
    if (!proveFrom(state.proof, state.feed.epoch, state.feed.applied)) return;
    firstPauseMs = FIRST_PAUSE_MS;
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

  return {
    start: keepProbing,
    moved: prove,
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}
