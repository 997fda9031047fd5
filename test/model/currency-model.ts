import type { Copy } from "../../src/protocol/copy.ts";
import type { Model } from "./check.ts";
import type { Core } from "./core.ts";
import { currencySteps, isProvenInTheEnd } from "./currency-steps.ts";
import { type CurrencyScenario, createCurrencyWorld, type World } from "./currency-world.ts";
import { cloneGraph, graphText, type Written } from "./graph.ts";

/** One state in this many is followed to its end, to see that a proof comes (L1). */
const LIVENESS_SAMPLE = 16;

/** The model of I4 and I5, and of L1 for the proof. */
export function currencyModel(core: Core, scenario: CurrencyScenario): Model<World> {
  let seen = 0;
  return {
    init: () => createCurrencyWorld(core, scenario),
    steps: (world) => currencySteps(core, scenario, world),
    clone: cloneGraph,
    text: (world) => graphText(world, insteadOf(core, world)),
    violation: (world) => {
      const unproven = falseProof(core, world);
      if (unproven !== undefined || ++seen % LIVENESS_SAMPLE !== 0) return unproven;
      return isProvenInTheEnd(core, cloneGraph(world))
        ? undefined
        : "L1: no proof comes, though nothing goes wrong any more";
    },
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

const SKIPPED: Written = () => undefined;
const NAMES = [
  "settings",
  "nextEndMs",
  "openedAt",
  "tick",
  "allTouchedAt",
  "touchedAt",
  "partitionSlots",
  "read",
  "windows",
  "flights",
];

function insteadOf(core: Core, { front }: World): ReadonlyMap<string, Written> {
  return new Map<string, Written>([
    ...NAMES.map((name) => [name, SKIPPED] as const),
    ["asOf", (_asOf, owner) => (isCopy(owner) ? `${core.coherence.isCurrent(front.coherence, owner)}` : undefined)],
    ["readId", (readId) => `${readId === front.feed.read}`],
  ]);
}

const isCopy = (owner: object): owner is Copy => "asOf" in owner;
