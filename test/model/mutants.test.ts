import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeResult } from "./check.ts";
import { loadCore, SHIPPED } from "./core.ts";
import { KNOWN_LIMITS } from "./known-limits.ts";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "./mutants.ts";
import { loadMutant, MutantError } from "./mutate.ts";
import { explore } from "./proofs.ts";
import * as schedules from "./schedules.ts";

/** A proof that cannot fail proves nothing: each of these is the protocol with one rule missing, and each must be caught. */
const shipped = await loadCore();

describe("a protocol with a rule missing is found out by the model", () => {
  it.each(MODEL_MUTANTS)(
    "rule $rule: $name (breaks $breaks)",
    async (mutant) => {
      const result = explore(await loadMutant(mutant), mutant);
      expect(result.violation, describeResult(mutant.name, result)).toMatch(new RegExp(`^${mutant.breaks}:`));
    },
    60_000,
  );
});

describe("a protocol with a rule of time or room missing is found out by a schedule", () => {
  it.each(SCHEDULE_MUTANTS)("rule $rule: $name (breaks $breaks)", async (mutant) => {
    expect(mutant.schedule(await loadMutant(mutant))).toMatch(new RegExp(`^${mutant.breaks}:`));
  });

  it.each(Object.entries(schedules))("%s: the protocol as it is shipped passes", (_name, schedule) => {
    expect(schedule(shipped)).toBeUndefined();
  });
});

describe("what the protocol does not promise", () => {
  it.each(KNOWN_LIMITS)(
    "$name: breaks $breaks, as SPEC.md says",
    (limit) => {
      const result = explore(shipped, limit);
      expect(result.violation, describeResult(limit.name, result)).toMatch(new RegExp(`^${limit.breaks}:`));
    },
    60_000,
  );
});

describe("mutants", () => {
  const all = [...MODEL_MUTANTS, ...SCHEDULE_MUTANTS];

  it("there is one of every rule", () => {
    const rules = new Set(all.map(({ rule }) => rule));
    expect([...rules].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("no two share a name, and each changes a file of the protocol", () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const files = readdirSync(SHIPPED);
    for (const { edits } of all) for (const { file } of edits) expect(files).toContain(file);
  });

  it("one whose text is not in the source any more fails, and so does one whose text is there twice", async () => {
    for (const text of ["no such text", "return"]) {
      const edits = [{ file: "load.ts", text, becomes: "" }];
      await expect(loadMutant({ name: "outdated", rule: 1, edits, breaks: "I1" })).rejects.toThrow(MutantError);
    }
  });

  it("one that edits a file that is not copied fails, and so does one that changes nothing", async () => {
    const ofOthers = [{ file: "engine/peek.ts", text: "counters.hits++;", becomes: "" }];
    const same = [{ file: "load.ts", text: "export function beginLoad", becomes: "export function beginLoad" }];
    for (const edits of [ofOthers, same, []])
      await expect(loadMutant({ name: "idle", rule: 1, edits, breaks: "I1" })).rejects.toThrow(MutantError);
  });
});
