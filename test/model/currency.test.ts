import { describe, expect, it } from "vitest";
import { loadCore } from "./core.ts";
import { currencyModel } from "./currency-model.ts";
import { QUICK_CURRENCY } from "./currency-scenarios.ts";
import { expectHolds } from "./expect-holds.ts";

const core = await loadCore();

describe("I4, I5 and L1 hold in every schedule of", () => {
  it.each(QUICK_CURRENCY)(
    "$name",
    (scenario) => {
      const { rests } = expectHolds(scenario.name, currencyModel(core, scenario));
      expect(rests, "states that were followed to their end").toBeGreaterThan(0);
    },
    120_000,
  );
});
