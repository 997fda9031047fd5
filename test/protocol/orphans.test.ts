import { describe, expect, it } from "vitest";
import { advance } from "../../src/protocol/frontend.ts";
import { beginLoad, finishLoad, type Load } from "../../src/protocol/load.ts";
import { DEFAULT_SETTINGS } from "../../src/protocol/settings.ts";
import { at, F, type FrontendUnderTest, fence, keys, liveFrontend, record, user } from "./support.ts";

const HINTS = DEFAULT_SETTINGS.hintWindowMs;

const load = (under: FrontendUnderTest, n: number, ms: number): Load =>
  beginLoad(under.state, user(n), "strong", true, at(ms));

/** Users 42's write was fenced and never heard of again. */
function orphaned(conditional?: true): FrontendUnderTest {
  const under = liveFrontend();
  const names = { keys: ["users_42"], partitions: ["users/42"] };
  under.hear(record(11, fence({ ...names, ...(conditional && { conditional }) })));
  advance(under.state, at(F), under.effects);
  return under;
}

describe("I3: after a fence that nobody closed", () => {
  it("its keys live shorter, for as long as a hint may deliver the write", () => {
    const under = orphaned();
    expect(load(under, 42, F).ttlCapMs).toBe(DEFAULT_SETTINGS.orphanTtlMs);
    expect(load(under, 7, F).ttlCapMs).toBeUndefined();
    under.hear(record(12, fence({ write: "w2", keys: ["users_1"] })), at(HINTS));
    advance(under.state, at(F + HINTS), under.effects);
    expect(load(under, 42, F + HINTS).ttlCapMs).toBeUndefined();
  });

  it("a change is told of, with its tables", () => {
    expect(orphaned().changes).toEqual([{ what: "orphan", tables: ["users"] }]);
  });

  it("a fence closed by its keys leaves no orphan", () => {
    const under = liveFrontend();
    under.hear(record(11, fence({ keys: ["users_42"] })));
    under.hear(record(12, keys({ keys: ["users_42"] })));
    advance(under.state, at(10 * F), under.effects);
    expect(load(under, 42, 10 * F).ttlCapMs).toBeUndefined();
  });
});

describe("after an orphaned conditional write", () => {
  it("loads of its partition are serial, so that one of them finishes it", () => {
    expect(load(orphaned(true), 42, F).level).toBe("serial");
    expect(load(orphaned(), 42, F).level).toBe("strong");
  });

  it("a serial load of one key does not answer for another write that was orphaned meanwhile", () => {
    const under = orphaned(true);
    under.hear(record(12, fence({ write: "w2", keys: ["users_42"], conditional: true })), at(F));
    const serial = load(under, 42, F + 1);
    expect(serial.level).toBe("serial");
    advance(under.state, at(2 * F), under.effects);
    finishLoad(under.state, serial);
    expect(load(under, 42, 2 * F + 1).level).toBe("serial");
  });

  it("a serial load of another partition does not answer for an orphan that is remembered by its table", () => {
    const under = liveFrontend({ settings: { maxOrphans: 1 } });
    const names = { keys: ["users_42"], partitions: ["users/42"] };
    under.hear(record(11, fence({ ...names, conditional: true })));
    advance(under.state, at(F), under.effects);
    const other = load(under, 7, F);
    expect(other.level).toBe("serial");
    finishLoad(under.state, other);
    expect(load(under, 42, F).level).toBe("serial");
  });
});

describe("orphans are bounded", () => {
  it("without room for its names an orphan counts for its tables: more keys live shorter, none too long", () => {
    const under = liveFrontend({ settings: { maxOrphans: 3 } });
    for (const n of [1, 2, 3]) {
      const names = { keys: [`users_${n}`], partitions: [`users/${n}`] };
      under.hear(record(10 + n, fence({ write: `w${n}`, ...names })));
    }
    advance(under.state, at(F), under.effects);
    expect(under.state.orphans.size).toBeLessThanOrEqual(4);
    expect([1, 2, 3, 99].map((n) => load(under, n, F).ttlCapMs)).toEqual(Array(4).fill(DEFAULT_SETTINGS.orphanTtlMs));
  });
});
