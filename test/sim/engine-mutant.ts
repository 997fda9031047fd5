import type { Mutant } from "../model/mutate.ts";
import type { Habits } from "./habits.ts";
import type { SimulateOptions } from "./simulate.ts";

/** The engine with one thing done wrong, and among what a few schedules must show it. `breaks`: the checks that condemn it, with bars between. */
export type EngineMutant = Mutant & { readonly among: SimulateOptions };

const often = { spread: 8, writeRarity: 1, readRarity: 1 } as const;

/** One row of one table, written and read again and again. */
export const USER: Partial<Habits> = { reads: ["user", "card"], writes: ["rename"], ...often };
export const ONE_KEY: Partial<Habits> = { ...USER, reads: ["user"] };
export const SESSION: Partial<Habits> = { reads: ["session"], writes: ["login"], ...often };
/** Views, whose reads take long enough to meet writes. */
export const VIEWS: Partial<Habits> = { reads: ["circle", "names"], writes: ["rename", "befriend"], ...often };
export const VIEWS_OF_SESSIONS: Partial<Habits> = { reads: ["circle", "session"], writes: ["login"], ...often };
/** Writes of two tables. */
export const BATCHES: Partial<Habits> = { reads: ["user", "friends"], writes: ["batch"], ...often };
/** Written so seldom that what has become stale is still there at rest. */
export const RARE: Partial<Habits> = {
  reads: ["friends", "friendCount"],
  writes: ["befriend"],
  spread: 4,
  writeRarity: 4,
  readRarity: 1,
};
