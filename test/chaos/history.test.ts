import { describe, expect, it } from "vitest";
import { createHistory } from "./history.ts";

const at = (start: number) => {
  const clock = { now: start };
  return { clock, history: createHistory(new Set(["1,2"]), 10, () => clock.now) };
};

describe("the judge can condemn", () => {
  it("a value that was overwritten longer ago than the bound, and nothing younger", () => {
    const { clock, history } = at(100);
    const write = history.begin("1,2", false);
    clock.now = 110;
    write.end("acked");
    expect(history.judge("1,2", true, 119, 121)).toBeUndefined();
    expect(history.judge("1,2", true, 120, 121)).toMatch(/1,2 was answered present/);
    expect(history.judge("1,2", false, 120, 121)).toBeUndefined();
  });

  it("a value that nobody has written yet", () => {
    const { history } = at(100);
    expect(history.judge("3,4", true, 200, 201)).toMatch(/present/);
  });

  it("not what an unknown write may do at any time, nor a write under way", () => {
    const { clock, history } = at(100);
    const lost = history.begin("1,2", false);
    expect(history.judge("1,2", false, 200, 201)).toBeUndefined();
    lost.end("unknown");
    clock.now = 1_000;
    for (const seen of [true, false]) expect(history.judge("1,2", seen, 900, 901)).toBeUndefined();
  });

  it("a write that was refused, if it is seen", () => {
    const { history } = at(100);
    history.begin("1,2", false).end("refused");
    expect(history.judge("1,2", false, 200, 201)).toMatch(/absent/);
  });
});
