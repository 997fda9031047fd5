import type { Scenario } from "./coherence-scenario.ts";
import type { CurrencyScenario } from "./currency-world.ts";
import type { Mutant } from "./mutate.ts";
import type { Schedule } from "./schedules/stage.ts";

/** What must be found in a model, and in which scenario. */
export type Explored = InCoherence | InCurrency;
type InCoherence = Breaking & { readonly coherence: Scenario; readonly exact?: true };
type InCurrency = Breaking & { readonly currency: CurrencyScenario };

interface Breaking {
  readonly name: string;
  /** The invariant that must be seen to break. */
  readonly breaks: string;
}

/** A mutant, and the model or the one schedule that must find it. */
export type AnyMutant = ModelMutant | ScheduleMutant;
export type ModelMutant = Mutant & Explored;
export type ScheduleMutant = Mutant & { readonly schedule: Schedule };

/** The smallest worlds that a mutant can be found in, with these faults. */
export const strong = (faults: Scenario["faults"], more: Partial<Scenario> = {}): Scenario => ({
  name: "strong",
  writes: [{ keys: ["k1"] }],
  reads: ["k1"],
  maxLoads: 1,
  faults,
  ...more,
});
export const weak = (faults: Scenario["faults"], more: Partial<Scenario> = {}): Scenario =>
  strong(faults, { weak: true, ...more });
export const pulse = (faults: CurrencyScenario["faults"], more: Partial<CurrencyScenario> = {}): CurrencyScenario => ({
  name: "pulse",
  invalidations: 2,
  probes: 1,
  ticks: 2,
  faults,
  ...more,
});
