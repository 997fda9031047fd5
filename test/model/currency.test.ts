import { describe, it } from "vitest";
import { loadCore } from "./core.ts";
import { currencyModel } from "./currency-model.ts";
import { QUICK_CURRENCY } from "./currency-scenarios.ts";
import { explore } from "./explore.ts";

const core = await loadCore();

describe("I4, I5 and L1 hold in every schedule of", () => {
  it.each(QUICK_CURRENCY)("$name", (scenario) => explore(scenario.name, currencyModel(core, scenario)), 120_000);
});
