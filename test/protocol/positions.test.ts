import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasApplied, isVoid, ownPosition, positionBehind } from "../../src/protocol/asked-position.ts";
import { formatPosition, type Position, parsePosition, sequence } from "../../src/protocol/position.ts";
import { answerProbe, beginProbe } from "../../src/protocol/proof.ts";
import { at, E1, E2, type FrontendUnderTest, frontend, liveFrontend, record, tick } from "./support.ts";

const position = (n: number, epoch = E1): Position => ({ epoch, sequence: sequence(n) });

/** A probe that was sent then is proof now. */
function prove(under: FrontendUnderTest, sentAtMs: number): void {
  const probe = beginProbe(under.state.proof, at(sentAtMs));
  answerProbe(under.state.proof, probe, { ...position(11), tick: "t11" });
  under.hear(record(11, tick("t11")), at(sentAtMs + 1));
}

describe("I6: a position that a request asks for", () => {
  it("is applied if it is of this life of the log and not beyond what was applied", () => {
    const { state } = liveFrontend();
    expect(hasApplied(state, position(10))).toBe(true);
    expect(hasApplied(state, position(11))).toBe(false);
    expect(hasApplied(state, position(1, E2))).toBe(false);
  });

  it("is not applied by a frontend that has not reached the log yet, which has no position of its own", () => {
    const { state } = frontend();
    expect([hasApplied(state, position(0)), ownPosition(state)]).toEqual([false, undefined]);
    expect(positionBehind(state, position(7), at(0))).toEqual(position(7));
  });

  it("is kept by who asked for it while it is not applied: a lower one would let the next answer fall back", () => {
    const under = liveFrontend();
    prove(under, 50);
    expect(positionBehind(under.state, position(99), at(60))).toEqual(position(99));
  });

  it("is given up for ours once its life of the log is over: a tick of ours was acknowledged after the request came", () => {
    const under = liveFrontend();
    expect(positionBehind(under.state, position(7, E2), at(10)), "nothing is proven").toEqual(position(7, E2));
    prove(under, 50);
    expect(isVoid(under.state, position(7, E2), at(49))).toBe(true);
    expect(positionBehind(under.state, position(7, E2), at(49))).toEqual(position(11));
    for (const arrivedAt of [50, 51])
      expect(positionBehind(under.state, position(7, E2), at(arrivedAt)), "proven before it came").toEqual(
        position(7, E2),
      );
  });

  it("is given up in our own life of the log, too, once it is proven that the log never gave it, or has lost it", () => {
    const under = liveFrontend();
    prove(under, 50);
    expect(positionBehind(under.state, position(99), at(10))).toEqual(position(11));
    expect(isVoid(under.state, position(11), at(10)), "it is applied").toBe(false);
  });
});

describe("a position as text", () => {
  it("is the same position again, whatever it is", () => {
    const epochs = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/);
    fc.assert(
      fc.property(epochs, fc.nat({ max: 10 ** 14 }), (epoch, n) => {
        const text = `${epoch}.${n}`;
        const parsed = parsePosition(text);
        expect(parsed && formatPosition(parsed)).toBe(text);
      }),
    );
  });

  it("is refused where it is anything else", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parsePosition(text);
        expect(parsed === undefined || formatPosition(parsed) === text || /\.0\d/.test(text)).toBe(true);
      }),
    );
  });
});
