import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCurrent } from "../../src/protocol/coherence.ts";
import { advance } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import { beginLoad, finishLoad } from "../../src/protocol/load.ts";
import { openCount } from "../../src/protocol/windows.ts";
import { at, F, fence, frontend, keys, liveFrontend, record, S, touch, user } from "./support.ts";

const strongLoad = (state: Parameters<typeof beginLoad>[0], n: number, now: Instant) =>
  beginLoad(state, user(n), "strong", true, now);

describe("a fence opens a window and does nothing else", () => {
  it("it evicts nothing and detaches no load", () => {
    const { state, evicted, hear } = liveFrontend();
    const load = strongLoad(state, 42, at(0));
    hear(record(11, fence({ keys: ["users_42"] })));
    expect(evicted).toEqual([]);
    expect(finishLoad(state, load)).toBe(true);
  });

  it("keys of the same write and part close it; those of another part do not", () => {
    const { state, hear } = liveFrontend();
    hear(record(11, fence({ write: "w1", part: 1, parts: 2, keys: ["users_1"] })));
    hear(record(12, fence({ write: "w1", part: 2, parts: 2, keys: ["users_2"] })));
    hear(record(13, keys({ write: "w1", part: 2, parts: 2, keys: ["users_2"] })));
    expect([...state.windows.open.fence.keys()]).toEqual(["w1.1"]);
  });
});

describe("I3: the end of a window is a touch", () => {
  it("a value loaded while the fence was open is not servable after its end", () => {
    const { state, effects, hear } = liveFrontend();
    hear(record(11, fence({ keys: ["users_42"], partitions: ["users/42"] })));
    const load = strongLoad(state, 42, at(1));
    expect(finishLoad(state, load)).toBe(true);
    advance(state, at(F - 1), effects);
    expect(isCurrent(state.coherence, load.copy)).toBe(true);
    advance(state, at(F), effects);
    expect(isCurrent(state.coherence, load.copy)).toBe(false);
  });

  it("a load under way at the end of the window is not stored", () => {
    const { state, effects, hear } = liveFrontend();
    hear(record(11, fence({ keys: ["users_42"] })));
    const load = strongLoad(state, 42, at(F - 1));
    advance(state, at(F), effects);
    expect(finishLoad(state, load)).toBe(false);
  });

  it("a touch of unknown outcome leaves the fence open, and its end touches again", () => {
    const { state, effects, evicted, hear } = liveFrontend();
    hear(record(11, fence({ keys: ["users_42"] })));
    hear(record(12, touch({ keys: ["users_42"] })), at(1));
    expect(openCount(state.windows)).toBe(1);
    advance(state, at(F), effects);
    expect(evicted).toEqual(["users_42", "users_42"]);
  });

  it("a fence stored again opens its window again, and ends again", () => {
    const { state, effects, evicted, hear } = liveFrontend();
    hear(record(11, fence({ keys: ["users_42"] })));
    hear(record(12, keys({ keys: ["users_42"] })));
    hear(record(13, fence({ keys: ["users_42"] })), at(5));
    advance(state, at(F + 5), effects);
    expect(openCount(state.windows)).toBe(0);
    expect(evicted).toEqual(["users_42", "users_42"]);
  });
});

describe("in weak mode replicas may differ for S after a write", () => {
  it("keys open a settle window whose end is a touch", () => {
    const { state, effects, evicted, hear } = liveFrontend({ weak: true });
    hear(record(11, keys({ keys: ["users_42"] })));
    expect([...state.windows.open.settle.keys()]).toEqual(["w1.1"]);
    advance(state, at(S), effects);
    expect(evicted).toEqual(["users_42", "users_42"]);
  });

  it("a write that landed at the end of its fence, unannounced, has S more before its names are touched", () => {
    const { state, effects, evicted, hear } = liveFrontend({ weak: true });
    hear(record(11, fence({ keys: ["users_42"] })));
    advance(state, at(F + S - 1), effects);
    expect(evicted).toEqual([]);
    expect(beginLoad(state, user(42), "weak", true, at(F + S - 1)).level).toBe("strong");
    advance(state, at(F + S), effects);
    expect(evicted).toEqual(["users_42"]);
  });

  it("in strong mode keys open none", () => {
    const { state, hear } = liveFrontend();
    hear(record(11, keys({ keys: ["users_42"] })));
    expect(openCount(state.windows)).toBe(0);
  });
});

describe("I3: clocks that are set", () => {
  const open = (under: ReturnType<typeof liveFrontend>, n: number, now: Instant) =>
    under.hear(record(n, fence({ write: `w${n}`, keys: [`users_${n}`] })), now);

  it("a wall clock set forward does not end a window early", () => {
    const { state, effects, evicted, hear } = liveFrontend();
    hear(record(11, fence({ keys: ["users_42"] })));
    advance(state, { monotonicMs: F - 1, wallMs: 10 * F }, effects);
    expect(evicted).toEqual([]);
  });

  it("a wall clock set back prolongs the windows open at that moment, and no others", () => {
    const under = liveFrontend();
    open(under, 11, { monotonicMs: 0, wallMs: 100 * F });
    open(under, 12, { monotonicMs: 1, wallMs: 1 }); // the clock was an hour fast, and was put right
    advance(under.state, { monotonicMs: F + 1, wallMs: F + 1 }, under.effects);
    expect(under.evicted).toEqual(["users_12"]);
  });

  it("a window prolonged by a wall clock set back ends once that clock has caught up", () => {
    const under = liveFrontend();
    open(under, 11, { monotonicMs: 0, wallMs: 2 * F });
    for (let ms = 1_000; ms <= 3 * F; ms += 1_000) advance(under.state, at(ms), under.effects);
    expect(under.evicted).toEqual(["users_11"]);
  });

  const step = fc.record({ monotonic: fc.nat({ max: F }), wall: fc.integer({ min: -F, max: F }) });

  it("no window ends before both clocks say that its time has passed, nor stays open a second after both have", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const under = liveFrontend();
        let now: Instant = { monotonicMs: 0, wallMs: 0 };
        const opened = new Map<string, Instant>();
        steps.forEach(({ monotonic, wall }, i) => {
          now = { monotonicMs: now.monotonicMs + monotonic, wallMs: now.wallMs + wall };
          const evictedBefore = under.evicted.length;
          advance(under.state, now, under.effects);
          for (const key of under.evicted.slice(evictedBefore)) {
            const since = opened.get(key);
            expect(
              since && Math.min(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs),
            ).toBeGreaterThanOrEqual(F);
            opened.delete(key);
          }
          open(under, 11 + i, now);
          opened.set(`users_${11 + i}`, now);
        });
        const lastWall = Math.max(now.wallMs, ...[...opened.values()].map((since) => since.wallMs));
        const end = { monotonicMs: now.monotonicMs + F, wallMs: lastWall + F };
        advance(under.state, end, under.effects);
        advance(under.state, { monotonicMs: end.monotonicMs + 1_000, wallMs: end.wallMs + 1_000 }, under.effects);
        expect(openCount(under.state.windows)).toBe(0);
      }),
    );
  });
});

describe("I3: windows without room are folded into windows on their tables", () => {
  const small = (options: { maxWindows: number; weak?: boolean }) =>
    frontendWithRoomFor(options.maxWindows, options.weak ?? false);
  const frontendWithRoomFor = (maxWindows: number, weak: boolean) => liveFrontend({ weak, settings: { maxWindows } });

  it("the end of the folded window touches every value of the table", () => {
    const { state, effects, hear } = small({ maxWindows: 1 });
    hear(record(11, fence({ write: "w1", keys: ["users_1"] })));
    hear(record(12, fence({ write: "w2", keys: ["users_2"] })), at(1));
    const load = strongLoad(state, 1, at(2));
    expect(finishLoad(state, load)).toBe(true);
    for (let ms = 0; ms <= 2 * F; ms += 1_000) advance(state, at(ms), effects);
    expect(isCurrent(state.coherence, load.copy)).toBe(false);
  });

  it("a rush that never ends does not keep a folded window open for ever", () => {
    const { state, hear } = small({ maxWindows: 1 });
    hear(record(11, fence({ write: "w0", keys: ["users_1"] })));
    hear(record(12, fence({ write: "w1", keys: ["users_2"] })), at(1)); // folds w0
    const load = strongLoad(state, 1, at(2));
    expect(finishLoad(state, load)).toBe(true);
    for (let i = 2; i < 100; i++) hear(record(11 + i, fence({ write: `w${i}`, keys: ["users_2"] })), at(i * 1_000));
    expect(isCurrent(state.coherence, load.copy)).toBe(false);
  });

  it("a folded window remembers that one of the writes was conditional", () => {
    const { state, effects, hear } = small({ maxWindows: 1 });
    hear(record(11, fence({ write: "w1", keys: ["users_1"], conditional: true })));
    hear(record(12, fence({ write: "w2", keys: ["users_2"] })));
    hear(record(13, fence({ write: "w3", keys: ["users_3"] })));
    advance(state, at(F), effects);
    advance(state, at(2 * F), effects);
    expect(beginLoad(state, user(1), "strong", true, at(2 * F)).level).toBe("serial");
  });

  it("windows on whole tables are folded too, so that truncating all day does not fill memory", () => {
    const { state, hear } = small({ maxWindows: 10 });
    for (let i = 0; i < 1_000; i++) hear(record(11 + i, fence({ write: `w${i}`, tables: ["users"] })), at(i));
    expect(openCount(state.windows)).toBeLessThanOrEqual(12);
  });

  it("settle windows are folded before fences: they leave no orphans behind", () => {
    const { state, effects, hear, changes } = small({ maxWindows: 2, weak: true });
    hear(record(11, fence({ write: "w1", keys: ["users_1"] })));
    hear(record(12, keys({ write: "w2", keys: ["users_2"] })));
    hear(record(13, keys({ write: "w3", keys: ["users_3"] })));
    expect([...state.windows.open.fence.keys()]).toEqual(["w1.1"]);
    advance(state, at(S), effects);
    expect(changes.filter((c) => c.what === "orphan")).toEqual([]);
  });

  it("a flood of messages that cannot be read opens one window, not one each", () => {
    const { state, hear } = liveFrontend();
    for (let i = 0; i < 1_000; i++) hear(record(11 + i, "garbage"), at(i));
    expect(openCount(state.windows)).toBe(1);
  });
});

describe("a frontend without windows", () => {
  it("has nothing to do when time passes", () => {
    const { state, effects, evicted } = frontend();
    advance(state, at(1e12), effects);
    expect(evicted).toEqual([]);
    expect(state.coherence.tick).toBe(1);
  });
});
