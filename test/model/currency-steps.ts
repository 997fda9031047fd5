import type { Step } from "./check.ts";
import type { Core } from "./core.ts";
import { hearing, reading } from "./currency-delivery.ts";
import { logFaults } from "./currency-log.ts";
import { probing, ticking } from "./currency-pulses.ts";
import { type CurrencyScenario, has, store, type World } from "./currency-world.ts";

/** A step of the currency model, and what it changes. */
export interface Change extends Step {
  run(after: World): void;
}

/** All that can happen next. */
export function currencySteps(core: Core, scenario: CurrencyScenario, world: World): Change[] {
  return [
    ...publishing(core, scenario, world),
    ...hearing(core, scenario, world),
    ...reading(core, scenario, world),
    ...probing(core, scenario, world),
    ...ticking(core, scenario, world),
    ...logFaults(core, scenario, world),
  ];
}

function invalidationBody(core: Core, n: number): string {
  const [part] = core.announce.partsOf({ keys: [`x${n}`], partitions: [], tables: [], about: ["t"] });
  if (part === undefined) throw new Error("no part");
  const message = core.announce.announce("keys", part, { id: `x${n}`, spec: "spec", conditional: false });
  return core.message.encodeMessage(message);
}

/** An invalidation is stored and acknowledged. A value that was read just before must go before the frontend is proven again. */
function publishing(core: Core, scenario: CurrencyScenario, world: World): Change[] {
  const n = world.values.length + 1;
  if (n > scenario.invalidations) return [];
  const publishes = (label: string, isKnown: boolean): Change => ({
    label: `invalidation x${n} is stored and acknowledged${label}`,
    run: (after) => {
      const subject = Object.freeze({ key: `x${n}`, partitions: [], tables: [] });
      after.values.push(core.coherence.beginCopy(after.front.coherence, subject));
      const before = after.witness.highest;
      const at = store(after, invalidationBody(core, n));
      if (isKnown) core.witness.checkStored(after.witness, before, at);
    },
  });
  const steps = [publishes("", true)];
  if (has(scenario, "other-publisher")) steps.push(publishes(" for another process", false));
  return steps;
}
