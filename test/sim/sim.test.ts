import { describe, expect, it } from "vitest";
import { type Core, loadCore } from "../model/core.ts";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "../model/mutants.ts";
import { loadMutant } from "../model/mutate.ts";
import { played, recorded, seeded, shrink } from "./chance.ts";
import { simulate } from "./simulate.ts";

const core = await loadCore();

const run = (of: Core, seed: number) => simulate(of, seeded(seed), { weak: seed % 2 === 0 });

/** The first seed that shows the mutant up. */
function firstToFail(of: Core, seeds: number): number | undefined {
  for (let seed = 1; seed <= seeds; seed++) if (run(of, seed).violation !== undefined) return seed;
  return undefined;
}

const FOUND_BY_CHANCE = [
  "keys messages do not touch",
  "the as-of of a value is when it came, not when its load began",
  "readers join loads that were touched",
  "no fence",
  "the end of a window does not touch",
  "a flush does not touch",
  "a gap is not noticed",
  "no settle window after keys (weak)",
  "loads in a window are not strong (weak)",
  "nothing is ever servable",
  "a proof never ends",
];

describe("I1r, I2, I3, I4 and L1 hold in schedules made by chance, with time that passes", () => {
  it("two hundred of them: crashes, unknown outcomes, cuts, a log that is down or made anew, clocks set, processes that stand still", () => {
    let [hits, answers, acknowledged] = [0, 0, 0];
    for (let seed = 1; seed <= 200; seed++) {
      const outcome = run(core, seed);
      expect(outcome.violation, `seed ${seed}: npx tsx test/sim/run.ts 1 ${seed}`).toBeUndefined();
      hits += outcome.hits;
      answers += outcome.answers;
      acknowledged += outcome.acknowledged;
    }
    expect(hits / answers).toBeGreaterThan(0.3);
    expect(acknowledged).toBeGreaterThan(500);
  }, 120_000);

  it("the same seed is the same schedule", () => {
    expect(run(core, 7)).toEqual(run(core, 7));
    expect(run(core, 7).hash).not.toBe(run(core, 9).hash);
  });

  it.each(FOUND_BY_CHANCE)("it finds out: %s", async (name) => {
    const mutant = [...MODEL_MUTANTS, ...SCHEDULE_MUTANTS].find((of) => of.name === name);
    if (mutant === undefined) throw new Error(`no mutant ${name}`);
    expect(firstToFail(await loadMutant(mutant), 200)).toBeDefined();
  });
});

describe("a schedule that fails", () => {
  it("is shrunk to one that fails too, and no longer", async () => {
    const mutant = MODEL_MUTANTS.find(({ name }) => name === "keys messages do not touch");
    if (mutant === undefined) throw new Error("no such mutant");
    const broken = await loadMutant(mutant);
    const tape: number[] = [];
    simulate(broken, recorded(seeded(1), tape));
    const fails = (candidate: readonly number[]) => simulate(broken, played(candidate)).violation !== undefined;
    expect(fails(tape)).toBe(true);
    const short = shrink(tape, fails, 60);
    expect(fails(short)).toBe(true);
    expect(short.length).toBeLessThan(tape.length);
  });
});
