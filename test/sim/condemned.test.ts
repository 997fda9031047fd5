import { describe, expect, it } from "vitest";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "../model/mutants.ts";
import type { Broken } from "./broken.ts";
import { loadEngine, loadMutantEngine } from "./engine.ts";
import { type EngineMutant, USER } from "./engine-mutant.ts";
import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import { firstCondemned } from "./find.ts";
import { RULES_FOUND } from "./rules-found.ts";
import type { SimulateOptions } from "./simulate.ts";

/** Every one is found within so many schedules (most within ten, the rarest in 144), or the simulator has lost an eye. */
const SEEDS = 600;
const PATIENCE = 120_000;

const find = async ({ breaks, among, ...mutant }: EngineMutant): Promise<number | undefined> =>
  firstCondemned(await loadMutantEngine({ ...mutant, breaks }), breaks.split("|"), SEEDS, among);

describe("an engine that does one thing wrong is condemned", () => {
  it.each(ENGINE_MUTANTS)(
    "$name ($breaks)",
    async (mutant) => {
      expect(await find(mutant)).toBeDefined();
    },
    PATIENCE,
  );
});

describe("a protocol with a rule missing is condemned, by what the engine then answers", () => {
  const protocol = [...MODEL_MUTANTS, ...SCHEDULE_MUTANTS];

  it.each(RULES_FOUND)(
    "$name ($breaks)",
    async ({ name, breaks, among }) => {
      const mutant = protocol.find((of) => of.name === name);
      if (mutant === undefined) throw new Error(`no mutant of this name: ${name}`);
      expect(await find({ ...mutant, breaks, among })).toBeDefined();
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
      expect(await firstCondemned(await loadEngine(), checks, SEEDS, { ...among, broken })).toBeDefined();
    },
    PATIENCE,
  );
});
