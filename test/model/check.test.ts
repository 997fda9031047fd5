import { describe, expect, it } from "vitest";
import { check, describeResult, type Model, type Step } from "./check.ts";
import { Print } from "./print.ts";
import { isProven } from "./proofs.ts";
import { notProven } from "./prove-summary.ts";

/** Two jugs, of 3 and of 5 litres: can one hold 4? */
interface Jugs {
  small: number;
  large: number;
}

type Pour = Step & { readonly run: (of: Jugs) => void };

const jugs = (wanted: number): Model<Jugs, Pour> => ({
  init: () => ({ small: 0, large: 0 }),
  after: (of, { run }) => {
    const after = { ...of };
    run(after);
    return after;
  },
  print: ({ small, large }, print) => void print.add(small).add(large),
  violation: ({ large }) => (large === wanted ? `large holds ${wanted}` : undefined),
  rests: () => 0,
  steps: () => [
    { label: "fill small", run: (of) => void Object.assign(of, { small: 3 }) },
    { label: "fill large", run: (of) => void Object.assign(of, { large: 5 }) },
    { label: "empty small", run: (of) => void Object.assign(of, { small: 0 }) },
    { label: "empty large", run: (of) => void Object.assign(of, { large: 0 }) },
    {
      label: "small into large",
      run: (of) => {
        const poured = Math.min(of.small, 5 - of.large);
        of.small -= poured;
        of.large += poured;
      },
    },
    {
      label: "large into small",
      run: (of) => {
        const poured = Math.min(of.large, 3 - of.small);
        of.large -= poured;
        of.small += poured;
      },
    },
  ],
});

describe("the checker", () => {
  it("finds the shortest schedule that breaks an invariant, and prints it", () => {
    const result = check(jugs(4));
    expect(result.schedule).toEqual([
      "fill large",
      "large into small",
      "empty small",
      "large into small",
      "fill large",
      "large into small",
    ]);
    expect(describeResult("jugs", result)).toContain("6. large into small");
  });

  it("explores every state when there is nothing to find", () => {
    const result = check(jugs(6));
    expect(result).toMatchObject({ violation: undefined, capped: false, states: 16 });
  });

  it("says so when it was cut short", () => {
    expect(check(jugs(6), { maxStates: 3 }).capped).toBe(true);
  });
});

/** Numbers that lead to their successor, and to one by chance that was perhaps seen. */
const numbers = (last: number): Model<number, Step & { readonly to: number }> => ({
  init: () => 0,
  after: (_of, { to }) => to,
  print: (of, print) => void print.add(of),
  violation: (of) => (of === last ? `${last} is reached` : undefined),
  rests: () => 0,
  steps: (of) => [
    { label: "the next", to: of + 1 },
    { label: "one before", to: (of * 31) % (of + 1) },
  ],
});

describe("what the checker has seen", () => {
  it("is told from what it has not, however much it is, and so is the way there", () => {
    const result = check(numbers(50_000));
    expect(result).toMatchObject({ states: 50_001, steps: 99_999, depth: 49_999, capped: false });
    expect(result.schedule).toEqual(Array.from({ length: 50_000 }, () => "the next"));
  });

  it("may by chance be taken for what it is not: how likely that is comes with the result", () => {
    expect(check(numbers(50_000)).collisionChance).toBeCloseTo(50_001 ** 2 / 2 ** 65, 20);
  });
});

describe("the full proof", () => {
  const result = check(jugs(6));
  const proof = {
    name: "jugs",
    kind: "scenario",
    breaks: undefined,
    mustRest: false,
    run: async () => result,
  } as const;

  it("counts as proven what holds, to the end, and came to rest where it must", () => {
    expect(isProven(proof, result)).toBe(true);
    expect(isProven(proof, { ...result, capped: true })).toBe(false);
    expect(isProven({ ...proof, mustRest: true }, result)).toBe(false);
    expect(isProven({ ...proof, mustRest: true }, { ...result, rests: 1 })).toBe(true);
  });

  it("names what was planned and has no result, or another than it must", () => {
    const capped = { proof: { ...proof, name: "cut short" }, result: { ...result, capped: true } };
    const planned = [proof, capped.proof, { name: "never begun" }];
    expect(notProven(planned, [{ proof, result }, capped])).toEqual(["cut short", "never begun"]);
  });
});

describe("a print", () => {
  const of = (...numbers: readonly number[]): string => {
    const print = new Print().clear();
    for (const n of numbers) print.add(n);
    return `${print.high} ${print.low}`;
  };

  it("is of numbers and of their order", () => {
    expect(of(1, 2)).toBe(of(1, 2));
    expect(new Set([of(1, 2), of(2, 1), of(1), of(1, 2, 0), of(1, -2)]).size).toBe(5);
  });

  it("tells a hundred thousand lists of numbers apart, in each of its halves but for a few", () => {
    const prints = Array.from({ length: 100_000 }, (_, n) => of(n & 7, (n >> 3) & 1, n >> 4).split(" "));
    expect(new Set(prints.map((print) => print.join())).size).toBe(100_000);
    for (const half of [0, 1]) expect(new Set(prints.map((print) => print[half])).size).toBeGreaterThan(99_980);
  });

  it("of words is of each of them", () => {
    const words = (...texts: readonly string[]) => {
      const { high, low } = new Print().clear().words(texts);
      return `${high} ${low}`;
    };
    expect(new Set([words(), words("a"), words("b"), words("a", "b"), words("b", "a"), words("ab")]).size).toBe(6);
  });
});
