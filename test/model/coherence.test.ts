import { describe, expect, it } from "vitest";
import { coherenceModel } from "./coherence-model.ts";
import { QUICK } from "./coherence-scenarios.ts";
import { loadCore } from "./core.ts";
import { expectHolds } from "./expect-holds.ts";

const core = await loadCore();

describe("I1, I1r, I2, I3, I6, L1 and L2 hold in every schedule of", () => {
  it.each(QUICK)(
    "$name",
    (scenario) => {
      const { rests } = expectHolds(scenario.name, coherenceModel(core, scenario));
      if (!scenario.endsAnyTime) expect(rests, "schedules that came to rest").toBeGreaterThan(0);
    },
    120_000,
  );
});
