import { beforeEach, describe, expect, it } from "vitest";
import { type Asked, promised, settled } from "./allowed.ts";
import { createHistory, type History, type LogPosition, type Outcome, type Value } from "./history.ts";

const RULES = { boundMs: 1_000, countersHold: true };
const at = (sequence: number, epoch = "e"): LogPosition => ({ epoch, sequence });

describe("an answer may show", () => {
  let nowMs: number;
  let history: History;
  beforeEach(() => {
    nowMs = 10_000;
    history = createHistory(new Map([["r", "first"]]), () => nowMs);
  });

  /** Writes from `fromMs` to `toMs`. */
  const write = (value: Value, outcome: Outcome, [fromMs, toMs]: readonly [number, number], position?: LogPosition) => {
    nowMs = fromMs;
    const open = history.begin(new Map([["r", value]]));
    nowMs = toMs;
    open.end(outcome, position);
  };
  /** What a request that is sent now, and answered at once, may be answered. */
  const allowed = (sentAtMs: number, asked: Partial<Asked> = {}) => {
    const whole = {
      sentAtMs,
      answeredAtMs: sentAtMs,
      labelMs: 0,
      ageMs: Number.POSITIVE_INFINITY,
      reflects: [],
      ...asked,
    };
    return [...promised(history, whole, RULES).values("r")];
  };

  it("what was written last, and what was overwritten within the bound; nothing older", () => {
    write("a", "acked", [11_000, 11_100]);
    write("b", "acked", [12_000, 12_100]);
    expect(allowed(12_200)).toEqual(["a", "b"]);
    expect(allowed(13_000)).toEqual(["a", "b"]);
    expect(allowed(13_200)).toEqual(["b"]);
  });

  it("a write that is under way, but not one that has not begun when the answer came", () => {
    write("a", "acked", [11_000, 11_100]);
    nowMs = 20_000;
    history.begin(new Map([["r", "b"]]));
    expect(allowed(19_000)).toEqual(["a"]);
    expect(allowed(19_000, { answeredAtMs: 20_001 })).toEqual(["a", "b"]);
    expect(allowed(60_000)).toEqual(["a", "b"]);
  });

  it.each(["refused", "unmet"] as const)("never what was %s", (outcome) => {
    write("a", outcome, [11_000, 11_100]);
    expect(allowed(11_050)).toEqual(["first"]);
    expect(allowed(99_000)).toEqual(["first"]);
  });

  it("an undecided write for ever, or not, until one that came after it is acknowledged", () => {
    write("a", "undecided", [11_000, 11_100]);
    expect(allowed(99_000)).toEqual(["first", "a"]);
    write("b", "acked", [100_000, 100_100]);
    expect(allowed(200_000)).toEqual(["b"]);
  });

  it("a lost write at any time later, even after one that was sent after it", () => {
    write("a", "lost", [11_000, 11_100]);
    write("b", "acked", [12_000, 12_100]);
    expect(allowed(99_000)).toEqual(["b", "a"]);
  });

  it("the value before an unannounced write, but only the database must hold that write", () => {
    write("a", "unannounced", [11_000, 11_100]);
    expect(allowed(99_000)).toEqual(["first", "a"]);
    expect([...settled(history, RULES).values("r")]).toEqual(["a"]);
    write("b", "undecided", [12_000, 12_100]);
    expect([...settled(history, RULES).values("r")]).toEqual(["a", "b"]);
  });

  it("what is older by its label if it has one, and nothing older than that", () => {
    write("a", "acked", [11_000, 11_100]);
    write(null, "acked", [12_000, 12_100]);
    expect(allowed(14_000)).toEqual([null]);
    expect(allowed(14_000, { labelMs: 5_000 })).toEqual(["first", "a", null]);
    expect(allowed(18_000, { labelMs: 5_000 })).toEqual(["a", null]);
    expect(allowed(19_000, { labelMs: 5_000 })).toEqual([null]);
  });

  it("nothing older than it says itself, whatever the bound and the label", () => {
    write("a", "acked", [11_000, 11_100]);
    expect(allowed(11_400, { ageMs: 500 })).toEqual(["first", "a"]);
    expect(allowed(11_400, { ageMs: 200 })).toEqual(["a"]);
    expect(allowed(11_400, { ageMs: 200, labelMs: 5_000 })).toEqual(["a"]);
    expect(allowed(99_000, { ageMs: 1_000_000 })).toEqual(["a"]);
  });

  it("nothing older than a position that it was asked for or claims, whatever the bound and the label", () => {
    write("a", "acked", [11_000, 11_100], at(7));
    write("b", "acked", [11_200, 11_300], at(9));
    expect(allowed(11_400)).toEqual(["first", "a", "b"]);
    expect(allowed(11_400, { reflects: [at(6)] })).toEqual(["first", "a", "b"]);
    expect(allowed(11_400, { reflects: [at(8)] })).toEqual(["a", "b"]);
    expect(allowed(11_400, { reflects: [at(2), at(9)], labelMs: 5_000 })).toEqual(["b"]);
    expect(allowed(11_400, { reflects: [at(9, "other")] })).toEqual(["first", "a", "b"]);
  });

  it("of a counter, at least what must be in it and at most what may be", () => {
    write("+1", "acked", [11_000, 11_100]);
    write("+1", "undecided", [12_000, 12_100]);
    write("+1", "refused", [12_200, 12_300]);
    write("+1", "acked", [13_000, 13_100]);
    const asked = { sentAtMs: 13_200, answeredAtMs: 13_200, labelMs: 0, ageMs: Number.POSITIVE_INFINITY, reflects: [] };
    expect(promised(history, asked, RULES).total("r")).toEqual({ least: 1, most: 3 });
    expect(settled(history, RULES).total("r")).toEqual({ least: 2, most: 3 });
    const loose = { ...RULES, countersHold: false };
    expect(promised(history, asked, loose).total("r")).toEqual({ least: 0, most: 3 });
  });

  it("of a counter on several replicas, no less than was counted before a write that must be reflected", () => {
    const loose = { ...RULES, countersHold: false };
    const least = (sentAtMs: number) => {
      const asked = { sentAtMs, answeredAtMs: sentAtMs, labelMs: 0, ageMs: Number.POSITIVE_INFINITY, reflects: [] };
      return promised(history, asked, loose).total("r").least;
    };
    write("+1", "acked", [11_000, 11_100]);
    nowMs = 12_000;
    history.noteCount("r", 1);
    expect(least(99_000)).toBe(0); // it may have been in memory since before Cassandra had it
    expect(settled(history, loose).total("r")).toEqual({ least: 1, most: 1 });
    write("+1", "acked", [13_000, 13_100]);
    expect(least(14_000)).toBe(0);
    expect(least(14_200)).toBe(1);
    nowMs = 15_000;
    history.noteCount("r", 2);
    expect(least(99_000)).toBe(1);
  });

  it("all of what one write changed, in every register of it", () => {
    nowMs = 11_000;
    const open = history.begin(
      new Map([
        ["r", "a"],
        ["s", "a"],
      ]),
    );
    nowMs = 11_100;
    open.end("acked");
    const asked = { sentAtMs: 20_000, answeredAtMs: 20_000, labelMs: 0, ageMs: Number.POSITIVE_INFINITY, reflects: [] };
    expect(["r", "s", "t"].map((name) => [...promised(history, asked, RULES).values(name)])).toEqual([
      ["a"],
      ["a"],
      [null],
    ]);
  });
});
