import { describe, expect, it } from "vitest";
import { sequence } from "../../src/protocol/position.ts";
import {
  beginWrite,
  stepWrite,
  type WriteEvent,
  type WriteOutcome,
  type WriteRules,
  type WriteState,
} from "../../src/protocol/write.ts";
import { at, E1, F } from "./support.ts";

const DEADLINE = 10_000;
const RULES: WriteRules = { fenceMs: F, databaseDeadlineMs: DEADLINE, onLogDown: "fail" };
const POSITION = { epoch: E1, sequence: sequence(7) };

const STATES: Readonly<Record<WriteState["phase"], WriteState>> = {
  fencing: beginWrite(at(0)),
  writing: { phase: "writing" },
  "writing-unannounced": { phase: "writing-unannounced" },
  announcing: { phase: "announcing", applied: true },
  answered: { phase: "answered" },
};

const EVENTS: Readonly<Record<WriteEvent["type"], WriteEvent>> = {
  "fence-acked": { type: "fence-acked" },
  "fence-failed": { type: "fence-failed", maybeStored: false },
  written: { type: "written", applied: true },
  "write-refused": { type: "write-refused" },
  "write-unknown": { type: "write-unknown" },
  "keys-acked": { type: "keys-acked", position: POSITION },
  "keys-failed": { type: "keys-failed" },
};

/** What follows: the next phase, and what must be done; or that the event does not belong there. */
type Expected = readonly [phase: WriteState["phase"], ...does: string[]] | "throws";

const wrong = {
  "fence-acked": "throws",
  "fence-failed": "throws",
  written: "throws",
  "write-refused": "throws",
  "write-unknown": "throws",
  "keys-acked": "throws",
  "keys-failed": "throws",
} as const;

/** One cell per phase and event: the compiler demands each. */
const TABLE: Readonly<Record<WriteState["phase"], Readonly<Record<WriteEvent["type"], Expected>>>> = {
  fencing: {
    ...wrong,
    "fence-acked": ["writing", "write-database"],
    "fence-failed": ["answered", "answer nothing-written no-fence"],
  },
  writing: {
    ...wrong,
    written: ["announcing", "publish-keys"],
    "write-refused": ["answered", "answer nothing-written refused", "keep-publishing keys"],
    "write-unknown": ["answered", "answer unknown", "keep-publishing touch"],
  },
  "writing-unannounced": {
    ...wrong,
    written: ["answered", "answer done-unannounced", "keep-publishing keys"],
    "write-refused": ["answered", "answer nothing-written refused", "keep-publishing keys"],
    "write-unknown": ["answered", "answer unknown", "keep-publishing touch"],
  },
  announcing: {
    ...wrong,
    "keys-acked": ["answered", "answer done"],
    "keys-failed": ["answered", "answer written-not-announced", "keep-publishing keys"],
  },
  answered: wrong,
};

function stepped(state: WriteState, event: WriteEvent, ms = 0, rules = RULES): readonly string[] {
  const step = stepWrite(state, event, at(ms), rules);
  const does = step.effects.map((effect) => {
    if (effect.type === "answer") return inWords(effect.outcome);
    return effect.type === "keep-publishing" ? `keep-publishing ${effect.kind}` : effect.type;
  });
  return [step.state.phase, ...does];
}

const inWords = (outcome: WriteOutcome): string =>
  `answer ${outcome.kind}${outcome.kind === "nothing-written" ? ` ${outcome.why}` : ""}`;

describe("I2: what a write does next, whatever happens", () => {
  for (const [phase, row] of Object.entries(TABLE)) {
    for (const [event, expected] of Object.entries(row)) {
      it(`${phase}: ${event}`, () => {
        const [state, happened] = [find(STATES, phase), find(EVENTS, event)];
        if (expected === "throws")
          expect(() => stepped(state, happened)).toThrow(`a write that is ${phase} got ${event}`);
        else expect(stepped(state, happened)).toEqual(expected);
      });
    }
  }
});

function find<T>(of: Readonly<Record<string, T>>, name: string): T {
  const found = of[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe("a write that is successful", () => {
  it("is so only once its keys are acknowledged, and is given their position", () => {
    const { effects } = stepWrite(STATES.announcing, EVENTS["keys-acked"], at(0), RULES);
    expect(effects).toEqual([{ type: "answer", outcome: { kind: "done", applied: true, position: POSITION } }]);
  });

  it.each([true, false])("says whether its condition held: %s", (applied) => {
    const { state } = stepWrite(STATES.writing, { type: "written", applied }, at(0), RULES);
    expect(state).toEqual({ phase: "announcing", applied });
  });
});

describe("a writer that stood still with its fence", () => {
  const acked = (ms: number) => stepped(beginWrite(at(0)), EVENTS["fence-acked"], ms);

  it("writes while the database still has its whole deadline before the fence ends", () => {
    expect(acked(F - DEADLINE)).toEqual(["writing", "write-database"]);
  });

  it("writes nothing after that, and closes its fence", () => {
    expect(acked(F - DEADLINE + 1)).toEqual([
      "answered",
      "answer nothing-written fence-too-old",
      "keep-publishing keys",
    ]);
  });

  it("closes a fence that was perhaps stored, with nothing written", () => {
    expect(stepped(beginWrite(at(0)), { type: "fence-failed", maybeStored: true }, 0)).toEqual([
      "answered",
      "answer nothing-written no-fence",
      "keep-publishing keys",
    ]);
  });

  it("counts the age of its fence on whichever clock says more", () => {
    const slept = { monotonicMs: 1, wallMs: F };
    expect(stepWrite(beginWrite(at(0)), EVENTS["fence-acked"], slept, RULES).state.phase).toBe("answered");
  });
});

describe("a writer that would rather write than wait for the log", () => {
  const rules: WriteRules = { ...RULES, onLogDown: "write" };

  it("writes unannounced when no fence can be published", () => {
    expect(stepped(beginWrite(at(0)), EVENTS["fence-failed"], 0, rules)).toEqual([
      "writing-unannounced",
      "write-database",
    ]);
  });

  it("fences first, as all do, when the log can be reached", () => {
    expect(stepped(beginWrite(at(0)), EVENTS["fence-acked"], 0, rules)).toEqual(["writing", "write-database"]);
  });
});
