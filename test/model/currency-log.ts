import type { Core } from "./core.ts";
import { disconnect } from "./currency-delivery.ts";
import type { Change } from "./currency-steps.ts";
import { type CurrencyFault, type CurrencyScenario, has, type World, wordOf } from "./currency-world.ts";

/** What the log does that it should not: each once. */
export function logFaults(core: Core, scenario: CurrencyScenario, world: World): Change[] {
  const steps: Change[] = [];
  const { log } = world;
  const fault = (of: CurrencyFault, label: string, run: (after: World) => void): void => {
    if (!has(scenario, of) || world.spent.includes(of)) return;
    steps.push({
      label,
      run: (after) => {
        after.spent.push(of);
        run(after);
      },
    });
  };
  fault("re-created", "THE LOG IS MADE ANEW", (after) => {
    after.log.epoch++;
    after.log.records.length = 0;
    after.log.first = 1;
  });
  fault("purged", "the log forgets all it holds", (after) => {
    after.log.first += after.log.records.length;
    after.log.records.length = 0;
  });
  const isRolledBack = world.spent.some((s) => s.startsWith("rolled-back"));
  for (let kept = 1; kept < log.records.length && !isRolledBack; kept++) {
    const lost = log.records.slice(kept).map(wordOf).join(", ");
    const rollBack = (after: World): void => {
      after.log.records.length = kept;
    };
    fault("rolled-back-quietly", `THE LOG LOSES ${lost}`, rollBack);
    fault("rolled-back", `THE LOG LOSES ${lost}, and the frontend its connection`, (after) => {
      rollBack(after);
      if (after.front.feed.connected) disconnect(core, after);
    });
  }
  return steps;
}
