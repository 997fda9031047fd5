import type { Clock } from "../../ports/clock.ts";
import { NatsFailure } from "./failure.ts";

/** A moment after which nobody waits any more. */
export interface Deadline {
  /** Zero once it has passed. */
  remainingMs(): number;
}

export function deadlineIn(clock: Clock, ms: number): Deadline {
  const end = clock.now().monotonicMs + ms;
  return { remainingMs: () => Math.max(0, end - clock.now().monotonicMs) };
}

/** Waits `ms`, or until the deadline if that is sooner. False if the deadline has passed. */
export async function pause(clock: Clock, ms: number, deadline: Deadline): Promise<boolean> {
  const wait = Math.min(ms, deadline.remainingMs());
  await new Promise<void>((resolve) => {
    clock.after(wait, resolve);
  });
  return deadline.remainingMs() > 0;
}

/** What `work` gives, or a `NatsFailure` at the deadline; the work goes on. */
export function inTime<T>(clock: Clock, deadline: Deadline, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const ms = deadline.remainingMs();
    const timer = clock.after(ms, () => reject(new NatsFailure("timeout", `no answer within ${Math.round(ms)} ms`)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
