import { describe, expect, it } from "vitest";
import { isCurrent } from "../../src/protocol/coherence.ts";
import { onConnected, onDisconnected } from "../../src/protocol/follow.ts";
import { beginLoad, isProven } from "../../src/protocol/load.ts";
import { sequence } from "../../src/protocol/position.ts";
import { answerProbe, beginProbe } from "../../src/protocol/proof.ts";
import { at, E1, E2, type FrontendUnderTest, keys, liveFrontend, record, tick, user } from "./support.ts";

const ticksUpTo = (last: number, life = "") =>
  Array.from({ length: last - 8 }, (_, i) => record(9 + i, tick(`t${9 + i}${life && "n"}`), life));

const load = (under: FrontendUnderTest, n = 42) => beginLoad(under.state, user(n), "strong", true, at(0)).copy;
const counts = (under: FrontendUnderTest, copy: ReturnType<typeof load>) => isCurrent(under.state.coherence, copy);
const keysOf42 = keys({ keys: ["users_42"] });

function reconnect(under: FrontendUnderTest): void {
  onDisconnected(under.state);
  onConnected(under.state, at(0), under.effects);
}

describe("I5: a gap is filled", () => {
  it("what was lost is applied, and what was heard beyond it counts", () => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(12, tick("t12")));
    expect(under.state.feed.phase).toBe("filling");
    expect(under.state.feed.applied).toBe(10);
    under.answer([...ticksUpTo(10), record(11, keysOf42), record(12, tick("t12"))], { first: 1 });
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 12 });
    expect(counts(under, copy)).toBe(false);
  });

  it("an invalidation heard beyond the gap acts at once", () => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(12, keysOf42));
    expect(counts(under, copy)).toBe(false);
    expect(under.state.feed.applied).toBe(10);
  });

  it("a gap longer than the limit is flushed past, and one that the log no longer holds too", () => {
    for (const [why, log, extent] of [
      ["gap-too-long", ticksUpTo(40), { first: 1 }],
      ["gap-lost", ticksUpTo(40).slice(5), {}],
    ] as const) {
      const under = liveFrontend({ settings: { maxFill: 20 } });
      const copy = load(under);
      reconnect(under);
      under.answer(log, extent);
      expect(under.flushes).toEqual([why]);
      expect(counts(under, copy)).toBe(false);
      expect(under.state.feed).toMatchObject({ phase: "live", applied: 40 });
      expect(under.state.windows.allOpen).toBe(1);
    }
  });

  it("a record heard twice beyond a gap is no reason to flush", () => {
    const under = liveFrontend();
    for (const n of [12, 13, 12, 13, 14]) under.hear(record(n, tick(`t${n}`)));
    expect(under.flushes).toEqual([]);
    under.answer(ticksUpTo(14), { first: 1 });
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 14 });
  });

  it("a record heard twice is applied once", () => {
    const under = liveFrontend();
    under.hear(record(11, keysOf42));
    under.hear(record(11, keysOf42));
    expect(under.evicted).toEqual(["users_42"]);
    expect(under.flushes).toEqual([]);
  });

  it("while it fills, a log that grows is read on until nothing is missing", () => {
    const under = liveFrontend();
    reconnect(under);
    under.hear(record(13, tick("t13")));
    under.answer(ticksUpTo(11), { first: 1 });
    expect(under.state.feed).toMatchObject({ phase: "filling", applied: 11 });
    under.answer(ticksUpTo(13), { first: 1 });
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 13 });
  });
});

describe("I5: the resume rule: the log must still hold our own last record", () => {
  it("it does: what was missed is applied, without a flush", () => {
    const under = liveFrontend();
    const copy = load(under);
    reconnect(under);
    under.answer([...ticksUpTo(10), record(11, keysOf42)], { first: 1 });
    expect(under.flushes).toEqual([]);
    expect(counts(under, copy)).toBe(false);
  });

  it.each([
    ["another record at its sequence", "rollback", ticksUpTo(12, "'"), { first: 1 }],
    ["a log that ends before it", "rollback", ticksUpTo(9), { first: 1 }],
    ["a log that begins after it", "gap-lost", ticksUpTo(12).slice(2), {}],
    ["another epoch", "other-epoch", ticksUpTo(12), { epoch: E2, first: 1 }],
  ] as const)("it does not, for it finds %s: everything is flushed", (_what, why, log, extent) => {
    const under = liveFrontend();
    const copy = load(under);
    reconnect(under);
    under.answer(log, extent);
    expect(under.flushes).toEqual([why]);
    expect(counts(under, copy)).toBe(false);
    expect(under.state.windows.allOpen).toBe(1);
    expect(under.state.feed.phase).toBe("live");
  });

  it("records of the old history heard beyond a gap do not stand in for those of the new one", () => {
    const under = liveFrontend();
    under.hear(record(13, tick("t13"))); // 11 and 12 are lost on the way; then the log itself loses 12 and 13
    const copy = load(under);
    reconnect(under);
    under.answer([...ticksUpTo(11), record(12, tick("n12"), "'"), record(13, keysOf42, "'")], { first: 1 });
    expect(counts(under, copy)).toBe(false);
  });

  it("nor is the next record taken for one that was heard in its place, beyond a gap and on an earlier connection", () => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(12, tick("t12")));
    reconnect(under);
    under.answer([record(10, tick("t10")), record(11, tick("n11"), "'")]);
    expect(counts(under, copy)).toBe(true);
    under.hear(record(12, tick("n12"), "'"));
    expect(counts(under, copy), "what was before the first of the two is lost").toBe(false);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 12 });
  });

  it("nor do they within one connection: a record that differs from the one heard is a rollback", () => {
    const under = liveFrontend();
    under.hear(record(13, tick("t13")));
    under.hear(record(14, tick("t14")));
    const copy = load(under);
    under.answer([...ticksUpTo(12), record(13, keysOf42, "'")], { first: 1 });
    expect(under.flushes).toEqual(["rollback"]);
    expect(counts(under, copy)).toBe(false);
  });

  it("nor may the log end before what was heard when it was read", () => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(12, tick("t12"))); // 11 is lost on the way; then the log loses 11 and 12, and stores another 11
    under.answer([...ticksUpTo(10), record(11, tick("n11"), "'")], { first: 1 });
    expect(under.flushes).toEqual(["rollback"]);
    expect(counts(under, copy)).toBe(false);
  });

  it("after a flush past records never read there is no own record to compare: reconnecting flushes again", () => {
    const under = liveFrontend({ settings: { maxFill: 5 } });
    reconnect(under);
    under.answer(ticksUpTo(40), { first: 1 });
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 40 });
    const copy = load(under);
    reconnect(under); // meanwhile the log lost 21 to 40, and others took their place
    under.answer([...ticksUpTo(20), ...ticksUpTo(42, "'").slice(12)], { first: 1 });
    expect(under.flushes).toEqual(["gap-too-long", "gap-lost"]);
    expect(counts(under, copy)).toBe(false);
  });

  it("once a record is applied after the flush, it is the one to compare", () => {
    const under = liveFrontend({ settings: { maxFill: 5 } });
    reconnect(under);
    under.answer(ticksUpTo(40), { first: 1 });
    under.hear(record(41, tick("t41")));
    reconnect(under);
    under.answer(ticksUpTo(42), { first: 1 });
    expect(under.flushes).toEqual(["gap-too-long"]);
  });

  it("the answer to a read of an earlier connection is ignored", () => {
    const under = liveFrontend();
    reconnect(under);
    const late = under.reads.at(-1);
    reconnect(under);
    expect(under.reads.at(-1)?.read).not.toBe(late?.read);
    under.reads.push({ read: late?.read ?? 0, from: { sequence: sequence(10) }, limit: 1 });
    under.answer(ticksUpTo(40), { first: 1 });
    expect(under.state.feed).toMatchObject({ phase: "filling", applied: 10 });
  });
});

describe("I5: another history heard live", () => {
  it("a sequence given again is a rollback: everything is flushed, and its message acts", () => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(10, tick("n10"), "'"));
    expect(under.flushes).toEqual(["rollback"]);
    expect(counts(under, copy)).toBe(false);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 10 });
  });

  it("another epoch flushes too, and the log is followed from there", () => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(3, keysOf42, "", E2));
    expect(under.flushes).toEqual(["other-epoch"]);
    expect(counts(under, copy)).toBe(false);
    expect(under.state.feed).toMatchObject({ phase: "live", applied: 3, epoch: E2 });
  });

  it("the proof of the other history is void, and its probes prove nothing any more", () => {
    const under = liveFrontend();
    const { state } = under;
    const first = beginProbe(state.proof, at(0));
    answerProbe(state.proof, first, { epoch: E1, sequence: sequence(11), tick: "t11" });
    under.hear(record(11, tick("t11")));
    expect(isProven(state, at(0))).toBe(true);
    const second = beginProbe(state.proof, at(1));
    under.hear(record(1, tick("n1"), "", E2));
    answerProbe(state.proof, second, { epoch: E1, sequence: sequence(12), tick: "t12" });
    under.hear(record(2, tick("n2"), "", E2));
    expect(isProven(state, at(1))).toBe(false);
  });
});

describe("a record that cannot be read may have named anything", () => {
  it.each(["garbage", "{}", '{"kind":"keys","v":2}'])("%s is a touch of everything, and a window on it", (body) => {
    const under = liveFrontend();
    const copy = load(under);
    under.hear(record(11, body));
    expect(under.flushes).toEqual(["bad-message"]);
    expect(counts(under, copy)).toBe(false);
    expect(under.state.windows.allOpen).toBe(1);
    expect(under.state.feed.applied).toBe(11);
  });

  it("a message of another key spec touches its tables whole", () => {
    const under = liveFrontend();
    const copy = load(under, 7);
    under.hear(record(11, keys({ spec: "spec-2", keys: ["persons_42"], about: ["users"] })));
    expect(counts(under, copy)).toBe(false);
  });
});
