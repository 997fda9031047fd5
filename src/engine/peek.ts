import { isCurrent } from "../protocol/coherence.ts";
import { advance, type Effects, type FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { isProven } from "../protocol/load.ts";
import type { Counters } from "./counters.ts";
import { type Entries, type Held, hasExpired } from "./entries.ts";

/** The hit path: rules 4, 7 and 9 and the TTL, on every look. Allocates nothing. */
export type Peek = (keyText: string, now: Instant) => Held | undefined;

export function createPeek(state: FrontendState, entries: Entries, counters: Counters, effects: Effects): Peek {
  return (keyText, now) => {
    if (now.monotonicMs >= state.windows.nextEndMs) advance(state, now, effects);
    const held = currentEntry(state, entries, keyText, now);
    if (held === undefined || !isProven(state, now)) return undefined;
    counters.hits++;
    return held;
  };
}

/** The entry that counts, whether or not currency is proven. One that does not is dropped. */
export function currentEntry(state: FrontendState, entries: Entries, keyText: string, now: Instant): Held | undefined {
  const held = entries.find(keyText);
  if (held === undefined) return undefined;
  if (!isCurrent(state.coherence, held.copy)) {
    entries.drop(keyText, "invalidated");
    return undefined;
  }
  if (hasExpired(held, now)) {
    entries.drop(keyText, "ttl");
    return undefined;
  }
  return held;
}
