import type { Clock, Timer } from "../ports/clock.ts";

/** Pauses of work in the background, which all end when it is closed. */
export interface Pauses {
  pause(ms: number): Promise<void>;
  close(): void;
}

export function createPauses(clock: Clock): Pauses {
  const waiting = new Map<Timer, () => void>();
  let closed = false;
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        if (closed) return resolve();
        const end = (): void => {
          waiting.delete(timer);
          resolve();
        };
        const timer = clock.after(ms, end);
        waiting.set(timer, end);
      }),
    close: () => {
      closed = true;
      for (const [timer, end] of waiting) {
        timer.cancel();
        end();
      }
    },
  };
}
