import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCurrent, passingCopy, slotOf, touch, touchAll } from "../../src/protocol/coherence.ts";
import {
  abandonLoad,
  beginLoad,
  finishLoad,
  flightToJoin,
  type Load,
  mayJoinBypass,
  wasTouched,
} from "../../src/protocol/load.ts";
import type { Names } from "../../src/protocol/names.ts";
import { at, B, F, type FrontendUnderTest, fence, frontend, liveFrontend, record, user } from "./support.ts";

const NO_NAMES: Names = { keys: [], partitions: [], tables: [] };
const TOUCHES: readonly (readonly [string, (under: FrontendUnderTest) => void])[] = [
  ["its key", ({ state }) => touch(state.coherence, { ...NO_NAMES, keys: ["users_42"] }, () => {})],
  ["its partition", ({ state }) => touch(state.coherence, { ...NO_NAMES, partitions: ["users/42"] }, () => {})],
  ["its table", ({ state }) => touch(state.coherence, { ...NO_NAMES, tables: ["users"] }, () => {})],
  ["everything", ({ state }) => touchAll(state.coherence)],
];

const load = (under: FrontendUnderTest, n = 42): Load => beginLoad(under.state, user(n), "strong", true, at(0));

describe("I1: a value counts only while nothing it was read from was touched since its load began", () => {
  it.each(TOUCHES)("a touch of %s while it loads: it is not stored", (_what, happens) => {
    const under = frontend();
    const loading = load(under);
    happens(under);
    expect(wasTouched(under.state, loading)).toBe(true);
    expect(finishLoad(under.state, loading)).toBe(false);
  });

  it.each(TOUCHES.slice(1))("a touch of %s after it was stored: it is not servable", (_what, happens) => {
    const under = frontend();
    const loading = load(under);
    expect(finishLoad(under.state, loading)).toBe(true);
    happens(under);
    expect(isCurrent(under.state.coherence, loading.copy)).toBe(false);
  });

  it("a touch of its key after it was stored: the cache is told to drop it", () => {
    const evicted: string[] = [];
    const under = frontend();
    finishLoad(under.state, load(under));
    touch(under.state.coherence, { ...NO_NAMES, keys: ["users_42"] }, (key) => evicted.push(key));
    expect(evicted).toEqual(["users_42"]);
  });

  it.each(TOUCHES)("a touch of %s before it began does not count", (_what, happens) => {
    const under = frontend();
    happens(under);
    expect(finishLoad(under.state, load(under))).toBe(true);
  });

  it("a touch of something else leaves it", () => {
    const under = frontend();
    const loading = load(under);
    touch(under.state.coherence, { keys: ["users_7"], partitions: ["users/7"], tables: ["friendships"] }, () => {});
    expect(slotOf(under.state.coherence, "users/7")).not.toBe(slotOf(under.state.coherence, "users/42"));
    expect(finishLoad(under.state, loading)).toBe(true);
  });

  it("partitions that share a slot touch each other's values: a load too many, never a value too old", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { minLength: 1 }), fc.nat({ max: 200 }), (touched, n) => {
        const under = frontend({ settings: { partitionSlots: 4 } });
        const loading = load(under, n);
        touch(under.state.coherence, { ...NO_NAMES, partitions: touched.map((t) => `users/${t}`) }, () => {});
        if (touched.includes(n)) expect(finishLoad(under.state, loading)).toBe(false);
      }),
    );
  });
});

describe("I1r: readers join a load only if it began after the last touch", () => {
  it("before it they join, after it they do not, and then they join the next", () => {
    for (const [, happens] of TOUCHES) {
      const under = frontend();
      const first = load(under);
      expect(flightToJoin(under.state, "users_42")).toBe(first.copy);
      happens(under);
      expect(flightToJoin(under.state, "users_42")).toBeUndefined();
      const second = load(under);
      expect(flightToJoin(under.state, "users_42")).toBe(second.copy);
    }
  });

  it("a load that ended, well or badly, is joined no more", () => {
    const under = frontend();
    finishLoad(under.state, load(under));
    expect(flightToJoin(under.state, "users_42")).toBeUndefined();
    abandonLoad(under.state, load(under));
    expect(flightToJoin(under.state, "users_42")).toBeUndefined();
  });

  it("an older load that ends does not take the newer one from its readers", () => {
    const under = frontend();
    const older = load(under);
    const newer = load(under);
    abandonLoad(under.state, older);
    expect(flightToJoin(under.state, "users_42")).toBe(newer.copy);
  });

  it("a load that was displaced is not stored: a touch would not find it", () => {
    const under = frontend();
    const older = load(under);
    const newer = load(under);
    expect(finishLoad(under.state, newer)).toBe(true);
    touch(under.state.coherence, { ...NO_NAMES, keys: ["users_42"] }, () => {});
    expect(finishLoad(under.state, older)).toBe(false);
  });
});

describe("I4: without proof a request may share a bypass", () => {
  const bypass = (under: FrontendUnderTest): Load => beginLoad(under.state, user(42), "strong", false, at(0));

  it("that began no longer ago than the bound", () => {
    const under = frontend();
    expect(mayJoinBypass(under.state, bypass(under), at(B))).toBe(true);
    expect(mayJoinBypass(under.state, bypass(under), at(B + 1))).toBe(false);
    expect(mayJoinBypass(under.state, bypass(under), { monotonicMs: 1, wallMs: B + 1 })).toBe(false);
  });

  it.each(TOUCHES)("but not one that began before a touch of %s", (_what, happens) => {
    const under = frontend();
    const loading = bypass(under);
    happens(under);
    expect(mayJoinBypass(under.state, loading, at(0))).toBe(false);
  });

  it("which is never stored, and never joined as a load", () => {
    const under = frontend();
    const loading = bypass(under);
    expect(flightToJoin(under.state, "users_42")).toBeUndefined();
    expect(finishLoad(under.state, loading)).toBe(false);
    expect(isCurrent(under.state.coherence, passingCopy(under.state.coherence, user(42)))).toBe(false);
  });
});

describe("the level of a load", () => {
  const proven = (weak: boolean): FrontendUnderTest => {
    const under = liveFrontend({ weak });
    under.state.proof.provenAt = at(0);
    return under;
  };
  const levelAt = ({ state }: FrontendUnderTest, ms: number, wanted: "strong" | "weak" = "weak", keep = true) =>
    beginLoad(state, user(42), wanted, keep, at(ms)).level;

  it("is strong in strong mode, whatever is wanted", () => {
    expect(levelAt(proven(false), 0)).toBe("strong");
  });

  it("is weak in weak mode while proven and outside windows, and strong where that is wanted", () => {
    expect(levelAt(proven(true), B)).toBe("weak");
    expect(levelAt(proven(true), B, "strong")).toBe("strong");
  });

  it("is strong in weak mode without proof, and for a bypass, which others with less proof may join", () => {
    expect(levelAt(proven(true), B + 1)).toBe("strong");
    expect(levelAt(proven(true), 0, "weak", false)).toBe("strong");
  });

  it.each([
    ["its key", { keys: ["users_42"] }],
    ["its partition", { partitions: ["users/42"] }],
    ["its table", { tables: ["users"] }],
  ])("is strong in weak mode while a window is open on %s", (_what, names) => {
    const under = proven(true);
    under.hear(record(11, fence(names)), at(0));
    expect(levelAt(under, 1)).toBe("strong");
  });

  it("is strong in weak mode after a flush, for F + S", () => {
    const under = proven(true);
    under.hear(record(11, "garbage"));
    expect(levelAt(under, 1)).toBe("strong");
    expect(F).toBeGreaterThan(B);
  });

  it("is weak while a window is open on something else", () => {
    const under = proven(true);
    under.hear(record(11, fence({ keys: ["users_7"], partitions: ["users/7"] })));
    expect(levelAt(under, 1)).toBe("weak");
  });
});
