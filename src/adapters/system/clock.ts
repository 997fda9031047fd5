import type { Clock, Timer } from "../../ports/clock.ts";

/** The longest delay that Node keeps; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The clocks of this machine. Its timers keep the process alive only where that is asked for. */
export const systemClock: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),

  after(delayMs: number, run: () => void, { keepsAlive } = { keepsAlive: false }): Timer {
    const timer = setTimeout(run, Math.min(delayMs, LONGEST_DELAY_MS));
    if (!keepsAlive) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
