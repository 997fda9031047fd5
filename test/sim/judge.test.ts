import { describe, expect, it } from "vitest";
import { epoch, type Position, sequence } from "../../src/protocol/position.ts";
import { Excuses } from "./excuses.ts";
import { type Effect, History, type Write } from "./history.ts";
import { type Answered, Judge, type Requested, type Verdict } from "./judge.ts";
import { wayBack } from "./positions.ts";
import type { Seen } from "./seen.ts";
import { TIMES, TTL } from "./times.ts";

const ROW = "users/0";
const ROWS = [ROW, "friendships/0/0", "friendships/0/1", "friendships/0/2"];
const at = (n: number, life = "E1"): Position => ({ epoch: epoch(life), sequence: sequence(n) });
const put = (row: string): Effect => ({ kind: "put", row });

/** A history by hand: each write is acknowledged, its keys at its own number, so many milliseconds after the beginning. */
class Case {
  readonly history = new History(ROWS);
  readonly excuses = new Excuses();

  write(n: number, effect: Effect, done: Partial<Write> = {}): Write {
    const of = { n, id: `w${n}`, owner: "w", effects: [effect], begunAtMs: n, mayGoUnfenced: false };
    const write = this.history.begin(of);
    Object.assign(write, { timestamp: n, hasDatabaseAcked: true, ...done });
    this.history.keysStored(write.id, 1, 1, at(n), n);
    return write;
  }

  verdict(seen: Seen, request: Partial<Requested> = {}, answer: Partial<Answered> = {}): string | undefined {
    return this.judged(seen, request, answer).wrong;
  }

  judged(seen: Seen, request: Partial<Requested> = {}, answer: Partial<Answered> = {}): Verdict {
    const asked = {
      reader: "f",
      arrivedAtMs: 100,
      position: undefined,
      minPosition: undefined,
      isReady: true,
      hasEndedFence: () => false,
      startedAtMs: 0,
      ...request,
    };
    const given = { seen: [seen], isLabelled: false, position: undefined, ageMs: undefined, isHit: false, atMs: 200 };
    return new Judge(this.history, this.excuses, false).verdict(asked, { ...given, ...answer });
  }
}

const twoWrites = (): Case => {
  const of = new Case();
  of.write(1, put(ROW));
  of.write(2, put(ROW));
  return of;
};
const old: Seen = { row: ROW, version: 1 };
const none: Seen = { row: ROW, version: undefined };

describe("I1r: what is judged against what the frontend had applied", () => {
  it("condemns what a write had overwritten whose keys were applied", () => {
    expect(twoWrites().verdict(old, { position: at(2) })).toMatch(/^I1r: users\/0 is w1, though w2/);
  });

  it("lets pass what was overwritten by a write whose keys were not applied yet, or are of another life of the log", () => {
    expect(twoWrites().verdict(old, { position: at(1) })).toBeUndefined();
    expect(twoWrites().verdict(old, { position: at(2, "E2") })).toBeUndefined();
  });

  it("lets pass what overwrote it, whoever wrote that and whatever became of it", () => {
    const of = twoWrites();
    of.write(3, put(ROW), { hasDatabaseAcked: false });
    expect(of.verdict({ row: ROW, version: 3 }, { position: at(2) })).toBeUndefined();
  });

  it("condemns a row that is missing though nothing removed it, and lets it pass once something may have", () => {
    const of = twoWrites();
    expect(of.verdict(none, { position: at(2) })).toMatch(/^I1r: users\/0 is not there/);
    of.write(3, { kind: "truncate", table: "users" }, { hasDatabaseAcked: false });
    expect(of.verdict(none, { position: at(2) })).toBeUndefined();
  });

  it("condemns that what was there from the beginning is missing, and says which answers had anything to be held against", () => {
    const of = new Case();
    const first = { n: 0, id: "", owner: "", effects: [put(ROW)], begunAtMs: 0, mayGoUnfenced: false };
    const write = Object.assign(of.history.begin(first), { timestamp: 0 });
    expect(of.judged(none, { position: at(0) })).toEqual({ wrong: undefined, isHeld: false });
    of.history.wasThere(write, epoch("E1"));
    expect(of.verdict(none, { position: at(0) })).toMatch(/^I1r: users\/0 is not there, though w0/);
    expect(of.judged({ row: ROW, version: 0 }, { position: at(0) })).toEqual({ wrong: undefined, isHeld: true });
  });

  it("condemns a row that is there though it was removed", () => {
    const of = twoWrites();
    of.write(3, { kind: "remove partition", partition: ROW });
    expect(of.verdict({ row: ROW, version: 2 }, { position: at(3) })).toMatch(/^I1r/);
  });

  it("condemns a count that no choice of what may be there explains", () => {
    const of = new Case();
    of.write(1, put("friendships/0/0"));
    of.write(2, put("friendships/0/1"));
    of.write(3, { kind: "remove from", partition: "friendships/0", from: 1 }, { hasDatabaseAcked: false });
    const rows = (n: number): Seen => ({ partition: "friendships/0", rows: n });
    const verdicts = [0, 1, 2, 3].map((n) => of.verdict(rows(n), { position: at(2) }) !== undefined);
    expect(verdicts).toEqual([true, false, false, true]);
  });
});

describe("I3, I4, I6, and what an answer says of itself", () => {
  it("I4: condemns what is older than the bound; where the answer is labelled, than the bound and its label", () => {
    const late = 2 + TIMES.boundMs + 1;
    expect(twoWrites().verdict(old, { arrivedAtMs: late })).toMatch(/^I4/);
    expect(twoWrites().verdict(old, { arrivedAtMs: late }, { isLabelled: true })).toBeUndefined();
    expect(twoWrites().verdict(old, { arrivedAtMs: late + TTL.labelMs }, { isLabelled: true })).toMatch(/^I4/);
  });

  it("I6: condemns what is before the position that was asked for", () => {
    expect(twoWrites().verdict(old, { minPosition: at(2) })).toMatch(/^I6/);
  });

  it("condemns an answer that is before its own position, or older than its own age", () => {
    expect(twoWrites().verdict(old, {}, { position: at(2) })).toMatch(/^position/);
    expect(twoWrites().verdict(old, {}, { ageMs: 197 })).toMatch(/^age/);
    expect(twoWrites().verdict(old, {}, { ageMs: 198 })).toBeUndefined();
  });

  it("I3: condemns a hit on what landed before its fence had ended, and only a hit", () => {
    const of = new Case();
    of.write(1, put(ROW));
    of.write(2, put(ROW), { hasDatabaseAcked: false, landedAtMs: 50 });
    expect(of.verdict(old, { hasEndedFence: () => true }, { isHit: true })).toMatch(/^I3/);
    expect(of.verdict(old, { hasEndedFence: () => true })).toBeUndefined();
    expect(of.verdict(old, {}, { isHit: true })).toBeUndefined();
  });

  it("condemns a process that does not know of its own write, once it has told of it", () => {
    const of = new Case();
    of.write(1, put(ROW));
    of.write(2, put(ROW), { owner: "f", toldAtMs: 50 });
    expect(of.verdict(old, {})).toMatch(/^own/);
    expect(of.verdict(old, { arrivedAtMs: 49 })).toBeUndefined();
    expect(of.verdict(old, { startedAtMs: 51 })).toBeUndefined();
    Object.assign(of.history.writes[2] ?? {}, { done: undefined });
    expect(of.verdict(old), "told, and not announced").toMatch(/^own/);
  });

  it("condemns a hit on what the database has let expire, and a value that nobody wrote", () => {
    const of = new Case();
    of.write(1, put(ROW), { expiresAtMs: 100 });
    expect(of.verdict(old, {}, { isHit: true })).toMatch(/^TTL/);
    expect(of.verdict(old, {})).toBeUndefined();
    expect(of.verdict({ row: ROW, version: 7 })).toMatch(/^origin/);
  });
});

describe("what a log that lost messages excuses", () => {
  const lost = (heard: readonly string[]): Case => {
    const of = twoWrites();
    of.excuses.rewound({ atMs: 50, epoch: epoch("E1"), keep: 1, lastLost: 2, heard: new Set(heard) });
    return of;
  };

  it("a write whose keys were lost, until this frontend has dropped everything", () => {
    const of = lost([]);
    expect(of.verdict(old, { position: at(2) })).toBeUndefined();
    of.excuses.flushed("g", 60, true);
    expect(of.verdict(old, { position: at(2) })).toBeUndefined();
    of.excuses.flushed("f", 60, false);
    expect(of.verdict(old, { position: at(2) })).toMatch(/^I1r/);
  });

  it("a write that took its sequence, for those who had heard what was lost, until they know that the log is another", () => {
    for (const heard of [true, false]) {
      const of = lost(heard ? ["f"] : []);
      const write = of.write(3, put(ROW));
      Object.assign(write.done ?? {}, { sequence: sequence(2), storedAtMs: 60 });
      const verdict = of.verdict({ row: ROW, version: 2 }, { position: at(2) });
      expect(verdict === undefined).toBe(heard);
      of.excuses.flushed("f", 70, true);
      expect(of.verdict({ row: ROW, version: 2 }, { position: at(2) })).toMatch(/^I1r/);
    }
  });
});

describe("what a log that lost messages does not excuse", () => {
  it("a write stored since, behind the places of those that were lost", () => {
    const of = twoWrites();
    of.excuses.rewound({ atMs: 50, epoch: epoch("E1"), keep: 1, lastLost: 2, heard: new Set(["f"]) });
    const write = of.write(3, put(ROW));
    Object.assign(write.done ?? {}, { sequence: sequence(3), storedAtMs: 60 });
    expect(of.verdict({ row: ROW, version: 2 }, { position: at(3) })).toMatch(/^I1r/);
  });
});

describe("what a write without a fence excuses at rest", () => {
  it("what it wrote, if the database did not say whether it did; nothing, if it did", () => {
    const of = new Case();
    const write = of.write(1, put(ROW), { isUnfenced: true, hasDatabaseAcked: false });
    expect(of.excuses.isUnknownTo(write, "f")).toBe(true);
    write.hasDatabaseAcked = true;
    expect(of.excuses.isUnknownTo(write, "f")).toBe(false);
  });
});

describe("the order of positions", () => {
  it("condemns one that goes back within a life of the log, and a life that comes back", () => {
    expect(wayBack(at(2), at(1))).toContain("from E1.2 to E1.1");
    expect(wayBack(at(1, "E10"), at(9, "E9"))).toContain("from E10.1 to E9.9");
    expect(wayBack(at(2), at(2))).toBeUndefined();
    expect(wayBack(at(2, "E9"), at(1, "E10"))).toBeUndefined();
  });
});
