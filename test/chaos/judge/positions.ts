import type { LogPosition } from "./history.ts";

/**
 * Positions only grow: of the answers of one frontend process, one after the other, and of the writes of one writer. While somebody sets the
 * log back they are nothing to go by.
 */
export interface Positions {
  /** The highest position seen of this source so far: remember it when a request is sent. */
  floor(source: string): Floor;
  /** What is wrong with the position of the answer, in words; undefined if nothing is. Of no source: nothing is remembered. */
  judge(source: string | undefined, floor: Floor, position: LogPosition | undefined): string | undefined;
  /** Whether positions given out since then may be relied on. */
  isTrusted(since: Floor): boolean;
  /** The log is about to be set back, or made anew under its old name. */
  distrust(): void;
  /** All have noticed by now. */
  trustAgain(): void;
}

export interface Floor {
  readonly era: number;
  readonly position: LogPosition | undefined;
}

export function createPositions(): Positions {
  const highest = new Map<string, LogPosition>();
  let era = 0;
  let distrusts = 0;
  const renew = (): void => {
    era++;
    highest.clear();
  };
  const remember = (source: string, position: LogPosition): void => {
    const known = highest.get(source);
    if (known?.epoch !== position.epoch || known.sequence < position.sequence) highest.set(source, position);
  };
  const isTrusted = (since: Floor): boolean => distrusts === 0 && since.era === era;
  return {
    floor: (source) => ({ era, position: highest.get(source) }),
    judge: (source, floor, position) => {
      if (position === undefined || !isTrusted(floor)) return undefined;
      if (source !== undefined) remember(source, position);
      const before = floor.position;
      if (before?.epoch !== position.epoch || position.sequence >= before.sequence) return undefined;
      return `position ${position.sequence} after ${before.sequence} of epoch ${position.epoch}`;
    },
    isTrusted,
    distrust: () => {
      distrusts++;
      renew();
    },
    trustAgain: () => {
      distrusts--;
      renew();
    },
  };
}
