import type { Clock, Timer } from "../ports/clock.ts";
import type { InvalidationLog, LogRecord, LogStart, Subscription } from "../ports/invalidation-log.ts";
import { onConnected, onDisconnected, onRecord, onSlice } from "../protocol/follow.ts";
import { advance, type Effects, type FrontendState } from "../protocol/frontend.ts";

/** Follows the log: hands what it says to the protocol, and reads what the protocol asks for. */
export interface Follower {
  start(): void;
  close(): void;
}

export interface FollowerOptions {
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly state: FrontendState;
  readonly evict: (keyText: string) => void;
  readonly changed: Effects["changed"];
  /** Called after anything that may have moved `applied`. */
  readonly moved: () => void;
}

/** How long one read of the log may take. */
const READ_DEADLINE_MS = 5_000;
/** The pause before a read that follows one which brought nothing, doubled each time up to the limit. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;
/** How often windows are looked at when nothing else happens. */
const ADVANCE_EVERY_MS = 250;

export function createFollower(options: FollowerOptions): Follower {
  const { log, clock, state, moved } = options;
  let subscription: Subscription | undefined;
  let advanceTimer: Timer | undefined;
  let readTimer: Timer | undefined;
  let closed = false;
  let fruitless = 0;
  let appliedAtRead = -1;

  const effects: Effects = {
    evict: options.evict,
    changed: options.changed,
    read: (read, from, limit) => {
      fruitless = state.feed.applied === appliedAtRead ? fruitless + 1 : 0;
      appliedAtRead = state.feed.applied;
      schedule(read, from, limit);
    },
  };

  const schedule = (read: number, from: LogStart, limit: number): void => {
    readTimer?.cancel();
    const pauseMs = fruitless === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(fruitless, 10));
    readTimer = clock.after(pauseMs, () => void attempt(read, from, limit));
  };

  const attempt = async (read: number, from: LogStart, limit: number): Promise<void> => {
    const slice = await log.read(from, limit, { deadlineMs: READ_DEADLINE_MS }).catch(() => undefined);
    if (closed || read !== state.feed.read) return; // another read has taken its place
    if (slice === undefined) {
      fruitless++;
      schedule(read, from, limit);
      return;
    }
    onSlice(state, read, slice, clock.now(), effects);
    moved();
  };

  const keepAdvancing = (): void => {
    advance(state, clock.now(), effects);
    advanceTimer = clock.after(ADVANCE_EVERY_MS, keepAdvancing);
  };

  return {
    start: () => {
      subscription = log.listen({
        record: (record: LogRecord) => {
          onRecord(state, record, clock.now(), effects);
          moved();
        },
        connected: () => onConnected(state, clock.now(), effects),
        disconnected: () => onDisconnected(state),
      });
      keepAdvancing();
    },
    close: () => {
      closed = true;
      subscription?.close();
      advanceTimer?.cancel();
      readTimer?.cancel();
    },
  };
}
