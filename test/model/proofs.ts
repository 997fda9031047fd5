import { check, type Result } from "./check.ts";
import { coherenceModel } from "./coherence-model.ts";
import { FULL, QUICK } from "./coherence-scenarios.ts";
import { type Core, loadCore } from "./core.ts";
import { currencyModel } from "./currency-model.ts";
import { FULL_CURRENCY, QUICK_CURRENCY } from "./currency-scenarios.ts";
import { KNOWN_LIMITS } from "./known-limits.ts";
import type { Explored } from "./mutant-scenarios.ts";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "./mutants.ts";
import { loadMutant } from "./mutate.ts";

/** One thing to be proven: that nothing breaks in a scenario, or that an invariant does break without a rule. */
export interface Proof {
  /** Of its own. */
  readonly name: string;
  readonly kind: "scenario" | "known limit" | "mutant" | "mutant, by one schedule";
  /** The invariant that must be seen to break; undefined if none may. */
  readonly breaks: string | undefined;
  /** Everything must come to rest in some of its schedules: else what holds at rest was not put to the test. */
  readonly mustRest: boolean;
  run(): Promise<Result>;
}

/** A search that needs more states than that was planned wrong, and fails. */
const MAX_STATES = 20_000_000;
/** What breaks does so early, or not at all. */
const MAX_BROKEN_STATES = 100_000;

let shipped: Promise<Core> | undefined;
const core = (): Promise<Core> => {
  shipped ??= loadCore();
  return shipped;
};

/** Looks for what must break. */
export function explore(mutated: Core, of: Explored): Result {
  const limits = { maxStates: MAX_BROKEN_STATES };
  if ("currency" in of) return check(currencyModel(mutated, of.currency), limits);
  return check(coherenceModel(mutated, of.coherence, of.exact), limits);
}

export const PROOFS: readonly Proof[] = [
  ...[...FULL, ...QUICK].map(
    (scenario): Proof => ({
      name: scenario.name,
      kind: "scenario",
      breaks: undefined,
      mustRest: !scenario.endsAnyTime,
      run: async () => check(coherenceModel(await core(), scenario), { maxStates: MAX_STATES }),
    }),
  ),
  ...[...FULL_CURRENCY, ...QUICK_CURRENCY].map(
    (scenario): Proof => ({
      name: `currency: ${scenario.name}`,
      kind: "scenario",
      breaks: undefined,
      mustRest: true,
      run: async () => check(currencyModel(await core(), scenario), { maxStates: MAX_STATES }),
    }),
  ),
  ...KNOWN_LIMITS.map(
    (limit): Proof => ({
      name: `known limit: ${limit.name}`,
      kind: "known limit",
      breaks: limit.breaks,
      mustRest: false,
      run: async () => explore(await core(), limit),
    }),
  ),
  ...MODEL_MUTANTS.map(
    (mutant): Proof => ({
      name: `mutant: ${mutant.name}`,
      kind: "mutant",
      breaks: mutant.breaks,
      mustRest: false,
      run: async () => explore(await loadMutant(mutant), mutant),
    }),
  ),
  ...SCHEDULE_MUTANTS.map(
    (mutant): Proof => ({
      name: `mutant: ${mutant.name}`,
      kind: "mutant, by one schedule",
      breaks: mutant.breaks,
      mustRest: false,
      run: async () => played(mutant.schedule(await loadMutant(mutant))),
    }),
  ),
];

const played = (violation: string | undefined): Result => ({
  states: 0,
  steps: 0,
  depth: 0,
  ms: 0,
  capped: false,
  violation,
  schedule: [],
  collisionChance: 0,
  rests: 0,
});

/** True if what had to hold holds, everywhere, and what had to break does. */
export function isProven(
  { breaks, mustRest }: Pick<Proof, "breaks" | "mustRest">,
  { violation, capped, rests }: Result,
): boolean {
  if (breaks !== undefined) return violation?.startsWith(`${breaks}:`) === true;
  return violation === undefined && !capped && (rests > 0 || !mustRest);
}
