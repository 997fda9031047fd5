import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";

/** Tells when the log was replayed to its head and a first proof is in. Losing proof later is degraded, not unready: reads go past the cache. */
export interface Readiness {
  readonly ready: boolean;
  /** The state has moved. */
  look(): void;
  wait(deadlineMs: number): Promise<boolean>;
  /** Nobody waits any longer. */
  close(): void;
}

export function createReadiness(state: FrontendState, clock: Clock): Readiness {
  const waiting = new Set<() => void>();
  let ready = false;
  let closed = false;
  const look = (): void => {
    ready ||= !state.feed.cold && state.proof.provenAt !== undefined;
    if (ready || closed) for (const tell of [...waiting]) tell();
  };
  return {
    get ready() {
      look();
      return ready;
    },
    look,
    wait: (deadlineMs) =>
      new Promise((resolve) => {
        const tell = (): void => {
          waiting.delete(tell);
          timer.cancel();
          resolve(ready);
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
