import type { Clock } from "../ports/clock.ts";

/**
 * Gives the timestamps of one writer's writes: microseconds, never one twice, always growing. The last two digits are the writer's own,
 * so that two writers do not give the same one: equal timestamps cannot be told apart, and Cassandra then keeps the larger value.
 */
export type Timestamps = () => number;

/** How many writers can be told apart. */
export const WRITER_SLOTS = 100;

export function createTimestamps(clock: Clock, slot: number): Timestamps {
  let last = 0;
  return () => {
    const now = Math.floor(clock.now().wallMs) * 1000 + slot;
    last = now > last ? now : last + WRITER_SLOTS;
    return last;
  };
}
