import { describe, expect, it } from "vitest";
import { createPositions } from "./positions.ts";

const at = (sequence: number, epoch = "e") => ({ epoch, sequence });

describe("positions", () => {
  it("must not go back between an answer and a request that is sent after it", () => {
    const positions = createPositions();
    const first = positions.floor("f");
    expect(positions.judge("f", first, at(5))).toBeUndefined();
    expect(positions.judge("f", first, at(3))).toBeUndefined(); // it was sent before the answer with 5 came
    expect(positions.judge("f", positions.floor("f"), at(4))).toBe("position 4 after 5 of epoch e");
    expect(positions.judge("g", positions.floor("g"), at(1))).toBeUndefined();
    expect(positions.judge("f", positions.floor("f"), at(1, "new"))).toBeUndefined();
  });

  it("are not relied on while the log is set back, nor those of before afterwards", () => {
    const positions = createPositions();
    positions.judge("f", positions.floor("f"), at(9));
    const before = positions.floor("f");
    positions.distrust();
    expect(positions.isTrusted(before)).toBe(false);
    const during = positions.floor("f");
    expect(positions.judge("f", during, at(2))).toBeUndefined();
    positions.trustAgain();
    expect([before, during].map(positions.isTrusted)).toEqual([false, false]);
    const after = positions.floor("f");
    expect(positions.isTrusted(after)).toBe(true);
    expect(positions.judge("f", after, at(3))).toBeUndefined();
    expect(positions.judge("f", positions.floor("f"), at(2))).toContain("position 2 after 3");
  });
});
