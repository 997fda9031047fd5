import { type Chance, oneIn, pick } from "./chance.ts";
import type { KeyName } from "./seen.ts";

export type WriteKind = "rename" | "befriend" | "login" | "conditional" | "batch" | "truncate";

/** What clients of one schedule do: everything everywhere; or little, again and again, so that it meets. */
export interface Habits {
  readonly reads: readonly [KeyName, ...KeyName[]];
  readonly writes: readonly [WriteKind, ...WriteKind[]];
  /** One in so many requests is for any row; the others are for the first. */
  readonly spread: number;
  /** One in so many of the writes that there could be is there, and of the reads. */
  readonly writeRarity: number;
  readonly readRarity: number;
}

const READS: Habits["reads"] = [
  "user",
  "user",
  "friends",
  "names",
  "names",
  "circle",
  "friendCount",
  "firstFriends",
  "friend",
  "session",
  "card",
  "quick",
];
const WRITES: Habits["writes"] = ["rename", "befriend", "rename", "befriend", "login", "conditional", "batch"];

export function someHabits(chance: Chance): Habits {
  const rarities = { writeRarity: pick(chance, [2, 4, 1, 8]), readRarity: pick(chance, [2, 4, 1]) };
  if (oneIn(chance, 2)) {
    const reads = READS.filter(() => oneIn(chance, 4));
    const writes = WRITES.filter(() => oneIn(chance, 4));
    return {
      reads: [pick(chance, READS), ...reads],
      writes: [pick(chance, WRITES), ...writes],
      spread: 8,
      ...rarities,
    };
  }
  return { reads: READS, writes: oneIn(chance, 4) ? [...WRITES, "truncate"] : WRITES, spread: 2, ...rarities };
}

/** A number below `n`, mostly 0. */
export const hot = (chance: Chance, n: number, { spread }: Habits): number =>
  oneIn(chance, spread) ? chance.int(n) : 0;
