import { describe, expect, it } from "vitest";
import { played, recorded, seeded } from "./chance.ts";
import { loadEngine, loadMutantEngine } from "./engine.ts";
import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import { checkOf } from "./find.ts";
import { shrinkSeed } from "./play.ts";
import { simulate } from "./simulate.ts";
import { never } from "./tally.ts";
import { addOutcome, createTotals } from "./totals.ts";

const engine = await loadEngine();

/** So many take about a minute of one core; the same on every machine, so that what passes here passes elsewhere. */
const SEEDS = 1_600;

describe("I1r, I2, I3, I4, I5, I6, L1 and L2 hold in schedules made by chance: the whole engine, in virtual time", () => {
  it(`${SEEDS} of them: none breaks one, every fault happens in some, and every path of the engine is taken`, async () => {
    const totals = createTotals();
    for (let seed = 1; seed <= SEEDS; seed++) addOutcome(totals, seed, await simulate(engine, seeded(seed)));
    expect(totals.failures.map(({ seed, violation }) => `SEED=${seed} npm run sim: ${violation}`)).toEqual([]);
    expect(never(totals.tally)).toEqual([]);
    expect(totals.hits / totals.answers).toBeGreaterThan(0.1);
    expect(totals.acknowledged / totals.schedules).toBeGreaterThan(5);
  }, 1_200_000);

  it("the same seed is the same schedule, event by event and answer by answer; another seed is another", async () => {
    const [once, again, other] = [
      await simulate(engine, seeded(7), { isTraced: true }),
      await simulate(engine, seeded(7), { isTraced: true }),
      await simulate(engine, seeded(8)),
    ];
    expect(again).toEqual(once);
    expect(once.trace.length).toBeGreaterThan(100);
    expect(other.hash).not.toBe(once.hash);
  });

  it("a tape plays the schedule that it was recorded from", async () => {
    const tape = new Map<string, number[]>();
    const once = await simulate(engine, recorded(seeded(9), tape));
    expect(await simulate(engine, played(tape))).toEqual(once);
  });

  it("an empty tape is the dullest schedule: nobody writes, nothing goes wrong", async () => {
    const { violation, acknowledged, tally } = await simulate(engine, played(new Map()));
    expect({ violation, acknowledged, flushes: tally["flush: rollback"] }).toEqual({
      violation: undefined,
      acknowledged: 0,
      flushes: 0,
    });
  });
});

describe("a schedule that fails", () => {
  it("is shrunk to a short one in which the same breaks, and told event by event", async () => {
    const mutant = ENGINE_MUTANTS.find(({ name }) => name.startsWith("the writer publishes keys before"));
    if (mutant === undefined) throw new Error("no such mutant");
    const broken = await loadMutantEngine(mutant);
    const { seed, violation } = await firstFailure(broken, mutant.among);
    const shrunk = await shrinkSeed(broken, seed, 300, mutant.among);
    expect(checkOf(shrunk?.outcome.violation ?? "")).toBe(checkOf(violation));
    expect(shrunk?.choices).toBeLessThan((shrunk?.before ?? 0) / 10);
    expect(shrunk?.outcome.trace.at(-1)).toContain(`VIOLATION ${shrunk?.outcome.violation}`);
  }, 120_000);

  async function firstFailure(of: typeof engine, among: Parameters<typeof simulate>[2]) {
    for (let seed = 1; seed <= 60; seed++) {
      const { violation } = await simulate(of, seeded(seed), among);
      if (violation !== undefined) return { seed, violation };
    }
    throw new Error("none of sixty seeds fails");
  }
});
