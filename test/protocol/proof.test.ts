import { describe, expect, it } from "vitest";
import type { Instant } from "../../src/protocol/instant.ts";
import { isProven } from "../../src/protocol/load.ts";
import { sequence } from "../../src/protocol/position.ts";
import { answerProbe, beginProbe, proofAgeMs, proveFrom } from "../../src/protocol/proof.ts";
import { at, B, E1, E2, type FrontendUnderTest, liveFrontend, record, tick } from "./support.ts";

/** A probe sent at this moment, answered with this tick. */
function probe(under: FrontendUnderTest, sentAt: Instant, n: number, name = `t${n}`, inEpoch = E1): void {
  const id = beginProbe(under.state.proof, sentAt);
  answerProbe(under.state.proof, id, { epoch: inEpoch, sequence: sequence(n), tick: name });
}

const prove = ({ state }: FrontendUnderTest) => proveFrom(state.proof, state.feed.epoch, state.feed.applied);

describe("I5: a proof is a fresh tick, applied with nothing missing before it", () => {
  it("it is as old as the sending of the probe", () => {
    const under = liveFrontend();
    probe(under, at(100), 11);
    under.hear(record(11, tick("t11")), at(500));
    expect(proofAgeMs(under.state.proof, at(700))).toBe(600);
  });

  it("the answer may come after the tick was heard", () => {
    const under = liveFrontend();
    const id = beginProbe(under.state.proof, at(0));
    under.hear(record(11, tick("t11")));
    answerProbe(under.state.proof, id, { epoch: E1, sequence: sequence(11), tick: "t11" });
    expect(prove(under)).toBe(true);
  });

  it("a tick heard beyond a gap proves nothing until the gap is filled", () => {
    const under = liveFrontend();
    probe(under, at(0), 12);
    under.hear(record(12, tick("t12")));
    expect(isProven(under.state, at(0))).toBe(false);
    under.answer([record(10, tick("t10")), record(11, tick("t11")), record(12, tick("t12"))], { first: 1 });
    expect(isProven(under.state, at(0))).toBe(true);
  });

  it.each([
    ["another tick took its sequence", 11, "t11", E1, record(11, tick("n11"))],
    ["the tick has another sequence here", 12, "t11", E1, record(11, tick("t11"))],
    ["the answer is of another epoch", 11, "t11", E2, record(11, tick("t11"))],
  ])("it is refused if %s", (_why, n, name, inEpoch, heard) => {
    const under = liveFrontend();
    probe(under, at(0), n, name, inEpoch);
    under.hear(heard);
    under.hear(record(12, tick("t12")));
    expect(isProven(under.state, at(0))).toBe(false);
  });

  it("a tick that was flushed past unread proves nothing", () => {
    const under = liveFrontend();
    probe(under, at(0), 11);
    under.hear(record(11, tick("n11"), "'"));
    under.hear(record(12, tick("n12"), "'"));
    expect(isProven(under.state, at(0))).toBe(false);
  });

  it("a refused probe proves nothing, and an answer to it that comes later neither", () => {
    const under = liveFrontend();
    const id = beginProbe(under.state.proof, at(0));
    answerProbe(under.state.proof, id, undefined);
    answerProbe(under.state.proof, id, { epoch: E1, sequence: sequence(10), tick: "t10" });
    expect(prove(under)).toBe(false);
  });

  it("an older probe that is proven later does not make the proof older", () => {
    const under = liveFrontend();
    probe(under, at(100), 12);
    probe(under, at(200), 11);
    under.hear(record(11, tick("t11")));
    under.hear(record(12, tick("t12")));
    expect(proofAgeMs(under.state.proof, at(200))).toBe(0);
  });
});

describe("I4: a proof ends after the bound, on whichever clock runs faster", () => {
  const proven = () => {
    const under = liveFrontend();
    probe(under, at(0), 11);
    under.hear(record(11, tick("t11")));
    return under.state;
  };

  it("it counts up to the bound and not a millisecond longer", () => {
    expect(isProven(proven(), at(B))).toBe(true);
    expect(isProven(proven(), at(B + 1))).toBe(false);
  });

  it.each([
    ["a machine that slept: the monotonic clock stood still", { monotonicMs: 10, wallMs: B + 1 }],
    ["a wall clock set back", { monotonicMs: B + 1, wallMs: -3_600_000 }],
  ])("%s", (_what, now) => {
    expect(isProven(proven(), now)).toBe(false);
  });
});

describe("L1: slow answers", () => {
  it("a probe is still waited for when many others were sent after it", () => {
    const under = liveFrontend();
    const slow = beginProbe(under.state.proof, at(0));
    for (let i = 1; i <= 100; i++) beginProbe(under.state.proof, at(i * 50));
    under.hear(record(11, tick("t11")), at(5_050));
    answerProbe(under.state.proof, slow, { epoch: E1, sequence: sequence(11), tick: "t11" });
    expect(prove(under)).toBe(true);
    expect(isProven(under.state, at(5_050))).toBe(true);
  });

  it("what is kept of probes and ticks is bounded", () => {
    const under = liveFrontend();
    for (let i = 0; i < 10_000; i++) {
      beginProbe(under.state.proof, at(i));
      under.hear(record(11 + i, tick(`t${11 + i}`)));
    }
    expect(under.state.proof.probes.size).toBeLessThanOrEqual(1_000);
    expect(under.state.proof.ticks.size).toBeLessThanOrEqual(10_000);
  });

  it("probes older than one that is proven are forgotten: they could prove less", () => {
    const under = liveFrontend();
    for (let i = 0; i < 10; i++) beginProbe(under.state.proof, at(i));
    probe(under, at(10), 11);
    beginProbe(under.state.proof, at(11));
    under.hear(record(11, tick("t11")));
    expect(under.state.proof.probes.size).toBe(1);
  });
});
