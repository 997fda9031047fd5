import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/protocol/settings.ts";
import type { Model, Step } from "./check.ts";
import { coherenceModel } from "./coherence-model.ts";
import type { Fault, Scenario } from "./coherence-scenario.ts";
import type { World } from "./coherence-world.ts";
import { loadCore } from "./core.ts";
import { currencyModel } from "./currency-model.ts";
import { pulse, strong, weak } from "./mutant-scenarios.ts";
import { Print } from "./print.ts";

const core = await loadCore();

/** Every n-th state of the first levels of a search. */
function sample<S, T extends Step>(model: Model<S, T>, levels: number): readonly S[] {
  let level: readonly S[] = [model.init()];
  const all = [...level];
  for (let i = 0; i < levels; i++) {
    const next = level.flatMap((state) => model.steps(state).map((step) => model.after(state, step)));
    level = next.filter((_, n) => n % Math.ceil(next.length / 15) === 0);
    all.push(...level);
  }
  return all;
}

const printOf = <S, T extends Step>(model: Model<S, T>, state: S): string => {
  const { high, low } = printed(model, state);
  return `${high} ${low}`;
};

function printed<S, T extends Step>(model: Model<S, T>, state: S): Print {
  const print = new Print().clear();
  model.print(state, print);
  return print;
}

const ROUGH: readonly Fault[] = [
  "crash",
  "paused",
  "timeout",
  "lost-record",
  "ack-lost",
  "heard-late",
  "bypass",
  "position",
];
const scenarios: readonly Scenario[] = [
  strong([...ROUGH, "restart"], { writes: [{ keys: ["k1"], conditional: true }, { keys: ["k1"] }], maxLoads: 2 }),
  strong(["crash", "undecided"], { writes: [{ keys: ["k1"], conditional: true }] }),
  strong(["lost-log", "tick", "timeout"], { reads: ["k1", "view"], maxLoads: 2 }),
  weak(["lag", ...ROUGH], { reads: ["outer", "k1"], maxLoads: 3 }),
];
const coherence = scenarios.map((scenario) => coherenceModel(core, scenario));
const currency = [
  pulse(["rolled-back", "lost-record", "lost-ack", "late-answer", "heard-late"], { probes: 2, ticks: 3 }),
  pulse(["re-created", "disconnect", "heard-twice"], { start: "cold" }),
].map((scenario) => currencyModel(core, scenario));

describe("a state", { timeout: 120_000 }, () => {
  const staysAsItIs = <S, T extends Step>(model: Model<S, T>): void => {
    for (const state of sample(model, 16)) {
      printed(model, state);
      const before = structuredClone(state);
      for (const step of model.steps(state)) printed(model, model.after(state, step));
      expect(state).toEqual(before);
    }
  };

  it("stays as it is, whatever steps are taken from it", () => {
    coherence.forEach(staysAsItIs);
    currency.forEach(staysAsItIs);
  });

  it("is printed as it is, and not as the state was that it was made from", () => {
    for (const model of coherence) {
      for (const world of sample(model, 16)) expect(printOf(model, world)).toBe(printOf(model, unprinted(world)));
    }
  });
});

/** A copy without the prints of its parts. */
const unprinted = (world: World): World =>
  structuredClone({ ...world, prints: { outside: undefined, following: undefined, memory: undefined } });

/** Changes the numbers, words and flags of a graph, one at a time, and says the names of those whose change `tell` does not notice. */
function leftOut<S extends object>(
  states: readonly S[],
  copy: (of: S) => S,
  print: (of: S) => string,
): readonly string[] {
  const noticed = new Set<string>();
  const met = new Set<string>();
  for (const state of states) {
    const before = print(copy(state));
    for (let n = 0; ; n++) {
      const changed = copy(state);
      const name = changeNth(changed, n);
      if (name === undefined) break;
      met.add(name);
      if (!noticed.has(name) && print(changed) !== before) noticed.add(name);
    }
  }
  return [...met].filter((name) => !noticed.has(name)).sort();
}

/** Changes the n-th value of a graph, and says of which property it is; undefined if there are not as many. */
function changeNth(graph: object, n: number): string | undefined {
  let left = n;
  const seen = new Set<object>();
  const visit = (of: object, name: string): string | undefined => {
    if (seen.has(of)) return undefined;
    seen.add(of);
    for (const [key, value, set] of valuesOf(of)) {
      const called = Array.isArray(of) || of instanceof Map || ArrayBuffer.isView(of) ? name : key;
      if (typeof value === "object" && value !== null) {
        const found = visit(value, called);
        if (found !== undefined) return found;
      } else if (value !== undefined && left-- === 0) {
        set(other(value));
        return called;
      }
    }
    return undefined;
  };
  return visit(graph, "");
}

type Value = readonly [name: string, value: unknown, set: (value: unknown) => void];

function valuesOf(of: object): readonly Value[] {
  if (of instanceof Set) return [];
  if (of instanceof Map)
    return [...of].map(([key, value]): Value => [String(key), value, (to) => void of.set(key, to)]);
  return Object.entries(of).map(([key, value]): Value => [key, value, (to) => void Reflect.set(of, key, to)]);
}

function other(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : `${String(value)}'`;
}

/** What is the same in all states of a scenario, or follows from what is printed. */
const SETTINGS = Object.keys(DEFAULT_SETTINGS);
const WINDOWS = ["all", "allOpen", "folded", "id", "kind", "nextEndMs"];
const ALWAYS = [...SETTINGS, ...WINDOWS, "spec", "wallMs", "weak"];
/** A record is known by its code, a window by its id; time stands still, and ticks decide only what is printed of copies. */
const IN_COHERENCE = [
  ...["appliedStoredAt", "body", "epoch", "heardAtRead", "recent", "sequence", "storedAt"],
  ...["about", "keys", "named", "part", "partitions", "parts", "tables", "v", "write"],
  ...["monotonicMs", "nextProbe", "ticks", "ttlCapMs", "slots", "touchedAt"],
];
/** Its copies are known by their places, and its windows decide nothing. */
const IN_CURRENCY = ["conditional", "dependencies", "key"];

describe("the print of a state", { timeout: 120_000 }, () => {
  const without = (names: readonly string[], known: readonly string[]): readonly string[] =>
    names.filter((name) => !known.includes(name));

  it("changes with all it is made of, in the coherence model, but for what no step can tell apart", () => {
    const [first = [], ...rest] = coherence.map((model) =>
      leftOut(sample(model, 12), unprinted, (world) => printOf(model, world)),
    );
    const left = first.filter((name) => rest.every((names) => names.includes(name)));
    expect(without(left, [...ALWAYS, ...IN_COHERENCE])).toEqual([]);
  });

  it("changes with all it is made of, in the currency model, but for what no step can tell apart", () => {
    const [first = [], second = []] = currency.map((model) =>
      leftOut(sample(model, 18), structuredClone, (world) => printOf(model, world)),
    );
    expect(without(first, [...ALWAYS, ...IN_CURRENCY, ...without(first, second)])).toEqual([]);
  });
});
