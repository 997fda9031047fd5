import { systemClock } from "../../adapters/system/clock.ts";
import type { NearCache } from "../../engine/near-cache.ts";

const GIVE_UP_MS = 15_000;

/** Watches an entry that is about to be dropped; `done` tells how long after the call that was, in milliseconds. */
export function watchEviction(cache: NearCache, keyText: string): { done(): Promise<number> } {
  const startedAt = performance.now();
  const gone = new Promise<number>((resolve, reject) => {
    const look = (): void => {
      const elapsedMs = performance.now() - startedAt;
      if (cache.peek(keyText, systemClock.now()) === undefined) resolve(elapsedMs);
      else if (elapsedMs > GIVE_UP_MS)
        reject(new Error(`${keyText} was still served ${GIVE_UP_MS} ms after the write`));
      else setImmediate(look);
    };
    look();
  });
  gone.catch(() => {}); // told to whoever calls done
  return { done: () => gone };
}
