import type { Clock } from "../ports/clock.ts";

/** Tells when a part may begin its work, and why it may not. Once ready it stays so. */
export interface Readiness {
  readonly ready: boolean;
  /** Something has moved. */
  look(): void;
  /** True if it becomes ready in time and before `close`. Throws the refusal. */
  wait(deadlineMs: number): Promise<boolean>;
  /** Nobody waits any longer. */
  close(): void;
}

export interface ReadinessOptions {
  readonly clock: Clock;
  readonly isReady: () => boolean;
  readonly refusal: () => Error | undefined;
}

export function createReadiness({ clock, isReady, refusal }: ReadinessOptions): Readiness {
  const waiting = new Set<() => void>();
  let ready = false;
  let closed = false;
  const look = (): void => {
    ready ||= isReady();
    if (ready || closed || refusal() !== undefined) for (const tell of [...waiting]) tell();
  };
  return {
    get ready() {
      look();
      return ready;
    },
    look,
    wait: (deadlineMs) =>
      new Promise((resolve, reject) => {
        const tell = (): void => {
          waiting.delete(tell);
          timer.cancel();
          const refused = refusal();
          if (refused === undefined) resolve(ready);
          else reject(refused);
        };
        const timer = clock.after(deadlineMs, tell, { keepsAlive: true });
        waiting.add(tell);
        look();
      }),
    close: () => {
      closed = true;
      look();
    },
  };
}
