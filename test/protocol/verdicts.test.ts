import { describe, expect, it } from "vitest";
import { judge, type Verdict } from "../../src/protocol/audit.ts";
import type { Copy } from "../../src/protocol/copy.ts";
import { advance } from "../../src/protocol/frontend.ts";
import { beginLoad, finishLoad } from "../../src/protocol/load.ts";
import { sequence } from "../../src/protocol/position.ts";
import { answerProbe, beginProbe } from "../../src/protocol/proof.ts";
import { at, E1, F, type FrontendUnderTest, fence, keys, liveFrontend, record, tick, user } from "./support.ts";

const READ_AT = 100;

function hold({ state }: FrontendUnderTest): Copy {
  const load = beginLoad(state, user(1), "strong", true, at(0));
  finishLoad(state, load);
  return load.copy;
}

/** The n-th record is the tick of a probe that was sent then. */
function prove(under: FrontendUnderTest, n: number, sentAtMs: number): void {
  const probe = beginProbe(under.state.proof, at(sentAtMs));
  answerProbe(under.state.proof, probe, { epoch: E1, sequence: sequence(n), tick: `t${n}` });
  under.hear(record(n, tick(`t${n}`)), at(sentAtMs + 1));
}

const verdict = ({ state }: FrontendUnderTest, copy: Copy): Verdict => judge(state, { copy, readAt: at(READ_AT) });

describe("L2: a value that differs from the database", () => {
  it("is stale only once a probe that was sent after the read is proof", () => {
    const under = liveFrontend();
    const copy = hold(under);
    expect(verdict(under, copy)).toBe("unknown");
    prove(under, 11, READ_AT);
    expect(verdict(under, copy), "sent at the very moment of the read").toBe("unknown");
    prove(under, 12, READ_AT + 1);
    expect(verdict(under, copy)).toBe("stale");
  });

  it("is not while a write of it may be under way: its keys, or the end of its fence, will touch it", () => {
    const under = liveFrontend();
    const copy = hold(under);
    under.hear(record(11, fence({ write: "w1", partitions: ["users/1"] })), at(50));
    prove(under, 12, READ_AT + 1);
    expect(verdict(under, copy)).toBe("unknown");
    under.hear(record(13, keys({ write: "w1", partitions: ["users/1"] })), at(READ_AT + 3));
    expect(verdict(under, copy)).toBe("overtaken");
  });

  it("is not when the fence of such a write has ended", () => {
    const under = liveFrontend();
    const copy = hold(under);
    under.hear(record(11, fence({ write: "w1", partitions: ["users/1"] })), at(50));
    prove(under, 12, READ_AT + 1);
    advance(under.state, at(50 + F), under.effects);
    expect(verdict(under, copy)).toBe("overtaken");
  });

  it("is stale though writes of others are under way", () => {
    const under = liveFrontend();
    const copy = hold(under);
    under.hear(record(11, fence({ write: "w1", partitions: ["users/2"] })), at(50));
    prove(under, 12, READ_AT + 1);
    expect(verdict(under, copy)).toBe("stale");
  });
});
