import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";

/** Tells when the log was replayed to its head and a first proof is in. Losing proof later is degraded, not unready: reads go past the cache. */
export interface Readiness {
  readonly ready: boolean;
  /** The state has moved. */
  look(): void;
  wait(deadlineMs: number): Promise<boolean>;
}

export function createReadiness(state: FrontendState, clock: Clock): Readiness {
  const waiting = new Set<() => void>();
  const isReady = (): boolean => !state.feed.cold && state.proof.provenAt !== undefined;
  let ready = false;
  const look = (): void => {
    ready ||= isReady();
    if (ready) for (const tell of [...waiting]) tell();
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
  };
}
