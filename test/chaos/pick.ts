import type { Chance } from "../sim/chance.ts";

/** One of them, by chance. Throws where there are none. */
export function pick<T>(chance: Chance, list: readonly T[]): T {
  const found = list[chance.int(list.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
}
