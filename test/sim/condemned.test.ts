import { describe, expect, it } from "vitest";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "../model/mutants.ts";
import type { Broken } from "./broken.ts";
import { seeded } from "./chance.ts";
import { type Engine, loadEngine, loadMutantEngine } from "./engine.ts";
import { type EngineMutant, USER } from "./engine-mutant.ts";
import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import { firstCondemned } from "./find.ts";
import { RULES_FOUND } from "./rules-found.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

/** Every one is found within so many schedules (most within ten, the rarest in 144), or the simulator has lost an eye. */
const SEEDS = 600;
const PATIENCE = 120_000;

type World = Pick<SimulateOptions, "broken">;

const shipped = await loadEngine();

/** Condemned in some schedule; and in the same one the engine as it is shipped, in a whole world, is not. */
async function expectCondemned(engine: Engine, checks: readonly string[], among: SimulateOptions, world: World = {}) {
  const seed = await firstCondemned(engine, checks, SEEDS, { ...among, ...world });
  if (seed === undefined) throw new Error(`none of ${SEEDS} schedules is condemned by ${checks.join(", ")}`);
  const { violation } = await simulate(shipped, seeded(seed), among);
  expect(violation, `seed ${seed}, with the engine as it is shipped`).toBeUndefined();
}

const expectMutantCondemned = async ({ among, ...mutant }: EngineMutant): Promise<void> =>
  expectCondemned(await loadMutantEngine(mutant), mutant.breaks.split("|"), among);

describe("an engine that does one thing wrong is condemned", () => {
  it.each(ENGINE_MUTANTS)("$name ($breaks)", expectMutantCondemned, PATIENCE);
});

describe("a protocol with a rule missing is condemned, by what the engine then answers", () => {
  const protocol = [...MODEL_MUTANTS, ...SCHEDULE_MUTANTS];

  it.each(RULES_FOUND)(
    "$name ($breaks)",
    async ({ name, breaks, among }) => {
      const mutant = protocol.find((of) => of.name === name);
      if (mutant === undefined) throw new Error(`no mutant of this name: ${name}`);
      await expectMutantCondemned({ ...mutant, breaks, among });
    },
    PATIENCE,
  );
});

describe("a world that breaks what the protocol assumes is condemned", () => {
  const worlds: readonly (readonly [Broken, readonly string[], SimulateOptions])[] = [
    ["strong reads ask one replica", ["I1r", "I6", "age", "I2/I3"], { faults: ["lagging replica"], isWeak: false }],
    ["acknowledged writes are forgotten", ["I1r", "I4", "I6", "age"], {}],
    ["refused writes land", ["origin"], { faults: ["write refused"] }],
    ["acknowledged messages are not stored", ["I1r", "I4", "I6", "rule 11"], {}],
    ["no clock counts sleep", ["I4", "age"], { faults: ["sleep"], habits: USER }],
  ];

  it.each(worlds)(
    "%s",
    async (broken, checks, among) => {
      await expectCondemned(shipped, checks, among, { broken });
    },
    PATIENCE,
  );
});
