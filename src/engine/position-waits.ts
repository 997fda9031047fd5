import type { Clock, Timer } from "../ports/clock.ts";
import { hasApplied } from "../protocol/asked-position.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Epoch, Position } from "../protocol/position.ts";

/** Lets requests wait until a position is applied. */
export interface PositionWaits {
  /** True once it is applied; false if that takes longer, or may never come: another life of the log, too many waiting, closed. */
  until(position: Position, waitMs: number): Promise<boolean>;
  /** The state has moved. */
  look(): void;
  close(): void;
}

interface Waiting {
  readonly end: (applied: boolean) => void;
}

/** More than these do not wait. Few enough to look through at every record. */
const MAX_WAITING = 1_000;

export function createPositionWaits(state: FrontendState, clock: Clock): PositionWaits {
  const bySequence = new Map<number, Set<Waiting>>();
  let waitingOn: Epoch | undefined;
  let count = 0;
  let closed = false;

  const endAll = (applied: boolean, isDue: (sequence: number) => boolean): void => {
    for (const [sequence, waiting] of bySequence) if (isDue(sequence)) for (const { end } of waiting) end(applied);
  };

  const wait = (sequence: number, waitMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const at = bySequence.get(sequence) ?? new Set<Waiting>();
      bySequence.set(sequence, at);
      const waiting: Waiting = {
        end: (applied) => {
          timer.cancel();
          if (at.delete(waiting)) count--;
          if (at.size === 0) bySequence.delete(sequence);
          resolve(applied);
        },
      };
      const timer: Timer = clock.after(waitMs, () => waiting.end(false), { keepsAlive: true });
      at.add(waiting);
      count++;
    });

  return {
    until: async (position, waitMs) => {
      if (hasApplied(state, position)) return true;
      const { epoch } = state.feed;
      if (closed || waitMs <= 0 || epoch !== position.epoch || count >= MAX_WAITING) return false;
      waitingOn = epoch;
      return wait(position.sequence, waitMs);
    },
    look: () => {
      if (count === 0) return;
      if (state.feed.epoch !== waitingOn) endAll(false, () => true);
      else endAll(true, (sequence) => sequence <= state.feed.applied);
    },
    close: () => {
      closed = true;
      endAll(false, () => true);
    },
  };
}
