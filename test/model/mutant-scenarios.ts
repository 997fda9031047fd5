import type { Scenario } from "./coherence-world.ts";
import type { CurrencyScenario } from "./currency-world.ts";
import type { Mutant } from "./mutate.ts";

/** A mutant, and the model in which it must be found. */
export type ModelMutant = CoherenceMutant | CurrencyMutant;
export type CoherenceMutant = Mutant & { readonly coherence: Scenario; readonly exact?: true };
export type CurrencyMutant = Mutant & { readonly currency: CurrencyScenario };

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
