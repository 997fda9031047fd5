import type { Model } from "./check.ts";
import type { Core } from "./core.ts";
import { isProvenInTheEnd } from "./currency-liveness.ts";
import { copyCurrencyWorld, printCurrencyWorld } from "./currency-state.ts";
import { type Change, currencySteps } from "./currency-steps.ts";
import { type CurrencyScenario, createCurrencyWorld, type World } from "./currency-world.ts";

/** One state in this many is followed to its end, to see that a proof comes (L1). */
const LIVENESS_SAMPLE = 16;

/** The model of I4 and I5, and of L1 for the proof. */
export function currencyModel(core: Core, scenario: CurrencyScenario): Model<World, Change> {
  let seen = 0;
  return {
    init: () => createCurrencyWorld(core, scenario),
    steps: (world) => currencySteps(core, scenario, world),
    after: (world, { run }) => {
      const after = copyCurrencyWorld(world);
      run(after);
      return after;
    },
    print: (world, print) => printCurrencyWorld(core, world, print),
    violation: (world) => {
      const unproven = falseProof(core, world);
      if (unproven !== undefined || ++seen % LIVENESS_SAMPLE !== 0) return unproven;
      return isProvenInTheEnd(core, copyCurrencyWorld(world))
        ? undefined
        : "L1: no proof comes, though nothing goes wrong any more";
    },
    rests: () => Math.floor(seen / LIVENESS_SAMPLE),
  };
}

/** While the frontend is proven by a probe, what was acknowledged before that probe is applied, or flushed past. */
function falseProof(core: Core, { front, asked, values }: World): string | undefined {
  const { provenAt } = front.proof;
  if (provenAt === undefined) return undefined;
  const missing = asked[provenAt.monotonicMs - 1]?.find((n) => {
    const value = values[n];
    return value !== undefined && core.coherence.isCurrent(front.coherence, value);
  });
  if (missing === undefined) return undefined;
  const x = `x${missing + 1}`;
  return `I5: probe ${provenAt.monotonicMs} is proof, and ${x}, acknowledged before it, is neither applied nor flushed past (so I4 is broken: a value from before ${x} is a hit)`;
}
