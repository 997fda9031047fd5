import type { Clock } from "../ports/clock.ts";

/** A clock that stands still until it is moved. Timers run in order of time, and what they started is let run before the next. */
export interface VirtualClock extends Clock {
  /** Moves time on, running every timer that falls due. */
  advance(byMs: number): Promise<void>;
  /** Sets the wall clock forward or back, as an operator or NTP might; the monotonic clock goes on as it was. */
  shiftWall(byMs: number): void;
  /** Lets everything run that needs no time. */
  settle(): Promise<void>;
}

interface Waiting {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** How many turns of the event loop are given to what a timer started. */
const TURNS = 20;

/** @example const clock = createVirtualClock(); await clock.advance(10_001); */
export function createVirtualClock(startMs = 1_700_000_000_000): VirtualClock {
  const waiting = new Set<Waiting>();
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  let order = 0;

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const nextDue = (untilMs: number): Waiting | undefined => {
    let next: Waiting | undefined;
    for (const timer of waiting) {
      if (timer.atMs > untilMs) continue;
      if (next === undefined || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order))
        next = timer;
    }
    return next;
  };

  return {
    now: () => ({ monotonicMs: elapsedMs, wallMs: wallOffsetMs + elapsedMs }),
    after: (delayMs, run) => {
      const timer = { atMs: elapsedMs + Math.max(0, delayMs), order: order++, run };
      waiting.add(timer);
      return { cancel: () => void waiting.delete(timer) };
    },
    advance: async (byMs) => {
      const untilMs = elapsedMs + byMs;
      await settle();
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        waiting.delete(timer);
        elapsedMs = Math.max(elapsedMs, timer.atMs);
        timer.run();
        await settle();
      }
      elapsedMs = untilMs;
    },
    shiftWall: (byMs) => {
      wallOffsetMs += byMs;
    },
    settle,
  };
}
