import { describe, expect, it } from "vitest";
import { check, describeResult, type Model } from "./check.ts";
import { cloneGraph, graphText } from "./graph.ts";

/** Two jugs, of 3 and of 5 litres: can one hold 4? */
interface Jugs {
  small: number;
  large: number;
}

const jugs = (wanted: number): Model<Jugs> => ({
  init: () => ({ small: 0, large: 0 }),
  clone: (of) => ({ ...of }),
  text: ({ small, large }) => `${small} ${large}`,
  violation: ({ large }) => (large === wanted ? `large holds ${wanted}` : undefined),
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

describe("graphs", () => {
  it("what is shared stays shared in a copy, and a copy changes alone", () => {
    const shared = { n: 1 };
    const graph = {
      a: shared,
      map: new Map([["b", shared]]),
      set: new Set([shared]),
      list: [shared],
      of: new Float64Array(2),
    };
    const copy = cloneGraph(graph);
    copy.a.n = 2;
    copy.of[0] = 7;
    expect([copy.map.get("b"), [...copy.set][0], copy.list[0]]).toEqual([{ n: 2 }, { n: 2 }, { n: 2 }]);
    expect([shared.n, graph.of[0]]).toEqual([1, 0]);
  });

  it("the text tells what is shared from what is equal", () => {
    const shared = { n: 1 };
    const none = new Map();
    expect(graphText([shared, shared], none)).not.toBe(graphText([{ n: 1 }, { n: 1 }], none));
    expect(graphText({ a: 1, b: 2 }, new Map([["b", () => undefined]]))).toBe(
      graphText({ a: 1, b: 3 }, new Map([["b", () => undefined]])),
    );
  });
});
