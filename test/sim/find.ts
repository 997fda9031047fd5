import { seeded } from "./chance.ts";
import type { Engine } from "./engine.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

/** Which check condemned: what stands before the colon. */
export const checkOf = (violation: string): string => violation.split(":")[0] ?? violation;

/** The first seed of so many whose schedule is condemned by one of these checks. */
export async function firstCondemned(
  engine: Engine,
  checks: readonly string[],
  seeds: number,
  options: SimulateOptions,
): Promise<number | undefined> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { violation } = await simulate(engine, seeded(seed), options);
    if (violation !== undefined && checks.includes(checkOf(violation))) return seed;
  }
  return undefined;
}
