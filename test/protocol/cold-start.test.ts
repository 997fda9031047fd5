import { describe, expect, it } from "vitest";
import { isCurrent } from "../../src/protocol/coherence.ts";
import { CLOCK_SKEW_MS, onConnected } from "../../src/protocol/follow.ts";
import { beginLoad } from "../../src/protocol/load.ts";
import { at, E2, F, type FrontendUnderTest, fence, frontend, keys, record, S, tick, user } from "./support.ts";

const NOW = at(1_000_000);

function connected(options: Parameters<typeof frontend>[0] = {}): FrontendUnderTest {
  const under = frontend(options);
  onConnected(under.state, NOW, under.effects);
  return under;
}

describe("I3: a frontend that starts", () => {
  it("reads the log back over F + S and the skew of clocks, for fences that may still be open", () => {
    const { reads } = connected();
    expect(reads).toEqual([{ read: 1, from: { storedAtMs: NOW.wallMs - F - S - CLOCK_SKEW_MS }, limit: 10_000 }]);
  });

  it("opens the windows of fences that it finds there", () => {
    const under = connected();
    under.answer([record(5, tick("t5")), record(6, fence({ keys: ["users_42"] }))], { first: 1 }, NOW);
    expect(under.flushes).toEqual([]);
    expect([...under.state.windows.open.fence.keys()]).toEqual(["w1.1"]);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 6, cold: false });
  });

  it("needs no window if the log reaches back and says nothing: all its records are older", () => {
    const under = connected();
    under.answer([record(5, tick("t5"))], { first: 1 }, NOW);
    expect(under.state.windows.allOpen).toBe(0);
    const quiet = frontend();
    onConnected(quiet.state, NOW, quiet.effects);
    quiet.answer([], { first: 1 }, NOW);
    expect(quiet.state.windows.allOpen).toBe(1);
  });

  it.each([
    ["its first record is the first of what was asked for", [record(5, tick("t5"))], {}],
    ["it is empty", [], {}],
  ])("opens a window on everything if the log may not reach back: %s", (_what, log, extent) => {
    const under = connected();
    under.answer(log, extent, NOW);
    expect(under.flushes).toEqual(["young-log"]);
    expect(under.state.windows.allOpen).toBe(1);
    expect(under.state.feed.phase).toBe("live");
  });

  it("opens a window on everything if there is more to read than the limit", () => {
    const under = connected({ settings: { maxFill: 3 } });
    under.answer(
      [5, 6, 7, 8].map((n) => record(n, tick(`t${n}`))),
      { first: 1 },
      NOW,
    );
    expect(under.flushes).toEqual(["young-log"]);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 8 });
  });

  it("keeps nothing that was being loaded before it knew where it stands", () => {
    for (const log of [[], [record(5, tick("t5")), record(6, tick("t6"))]]) {
      const under = connected();
      const { copy } = beginLoad(under.state, user(42), "strong", true, NOW);
      under.answer(log, { first: 1 }, NOW);
      expect(isCurrent(under.state.coherence, copy)).toBe(false);
    }
  });
});

describe("records heard before the log was read", () => {
  it("act at once, and are not applied twice", () => {
    const under = connected();
    under.hear(record(6, keys({ keys: ["users_42"] })), NOW);
    expect(under.evicted).toEqual(["users_42"]);
    expect(under.state.feed.applied).toBe(0);
    under.answer([record(5, tick("t5")), record(6, keys({ keys: ["users_42"] }))], { first: 1 }, NOW);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 6 });
    expect(under.evicted).toEqual(["users_42"]);
  });

  it("of another epoch than the log that is read: everything counts as lost", () => {
    const under = connected();
    under.hear(record(6, tick("t6")), NOW);
    under.answer([record(2, tick("n2")), record(3, tick("n3"))], { first: 1, epoch: E2 }, NOW);
    expect(under.state.windows.allOpen).toBe(1);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 3, epoch: E2 });
  });

  it("that differ from those in the log: everything counts as lost", () => {
    const under = connected();
    under.hear(record(6, tick("t6")), NOW);
    under.answer([record(5, tick("t5")), record(6, tick("n6"), "'"), record(7, tick("n7"), "'")], { first: 1 }, NOW);
    expect(under.flushes).toEqual(["rollback"]);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 7 });
  });

  it("of two epochs: the change stands in for the reading back", () => {
    const under = connected();
    under.hear(record(6, tick("t6")), NOW);
    under.hear(record(1, tick("n1"), "", E2), NOW);
    expect(under.flushes).toEqual(["other-epoch"]);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 1, epoch: E2, cold: false });
    under.answer([record(5, tick("t5"))], { first: 1 }, NOW); // an answer from the old epoch, too late
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 1, epoch: E2 });
  });
});
