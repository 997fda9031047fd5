import { describe, expect, it } from "vitest";
import { checkOverlap, replicationFrom } from "../../src/adapters/cassandra/level-overlap.ts";
import { DEFAULT_LEVELS, type LevelName } from "../../src/adapters/cassandra/levels.ts";

const LEVELS: readonly LevelName[] = [
  "ONE",
  "TWO",
  "THREE",
  "QUORUM",
  "ALL",
  "LOCAL_QUORUM",
  "EACH_QUORUM",
  "LOCAL_ONE",
];

const inDcs = (...counts: readonly number[]): ReadonlyMap<string, string> =>
  new Map([
    ["class", "org.apache.cassandra.locator.NetworkTopologyStrategy"],
    ...counts.map((count, i): [string, string] => [`dc${i + 1}`, String(count)]),
  ]);

const check = (write: LevelName, strongRead: LevelName, settings: ReadonlyMap<string, string>) =>
  checkOverlap({ ...DEFAULT_LEVELS, write, strongRead }, replicationFrom(settings));

describe("reads overlap writes", () => {
  it("in one data centre at LOCAL_QUORUM, and says so in words", () => {
    expect(check("LOCAL_QUORUM", "LOCAL_QUORUM", inDcs(3))).toEqual({
      overlap: true,
      words: "LOCAL_QUORUM with LOCAL_QUORUM, NetworkTopologyStrategy dc1: 3",
    });
  });

  it("not across data centres at LOCAL_QUORUM: the words say what may be missed, and the remedy", () => {
    expect(check("LOCAL_QUORUM", "LOCAL_QUORUM", inDcs(3, 3))).toEqual({
      overlap: false,
      words:
        "LOCAL_QUORUM with LOCAL_QUORUM, NetworkTopologyStrategy dc1: 3, dc2: 3: " +
        "a write acknowledged in dc1 may be missed by a read in dc2; write or read at EACH_QUORUM",
    });
  });

  it("across data centres where one side asks each of them", () => {
    expect(check("EACH_QUORUM", "LOCAL_QUORUM", inDcs(3, 3)).overlap).toBe(true);
    expect(check("LOCAL_QUORUM", "EACH_QUORUM", inDcs(3, 2)).overlap).toBe(true);
    expect(check("QUORUM", "LOCAL_QUORUM", inDcs(3, 3)).overlap).toBe(false);
  });

  it("not where too few replicas are asked", () => {
    expect(check("ONE", "ONE", inDcs(3))).toMatchObject({
      overlap: false,
      words: "ONE with ONE, NetworkTopologyStrategy dc1: 3: a write to 1 and a read of 1 of 3 replicas need not meet",
    });
  });

  it("does not count a data centre without replicas, and counts transient ones", () => {
    expect(check("LOCAL_QUORUM", "LOCAL_QUORUM", inDcs(3, 0)).overlap).toBe(true);
    expect(check("LOCAL_QUORUM", "LOCAL_QUORUM", new Map([...inDcs(), ["dc1", "3/1"]])).words).toContain("dc1: 3");
  });

  it("is not claimed for a strategy whose replicas cannot be counted", () => {
    expect(check("ALL", "ALL", new Map([["class", "EverywhereStrategy"]]))).toMatchObject({ overlap: false });
  });

  it("reads SimpleStrategy as one group of replicas", () => {
    const simple = new Map([
      ["class", "org.apache.cassandra.locator.SimpleStrategy"],
      ["replication_factor", "1"],
    ]);
    expect(check("LOCAL_QUORUM", "LOCAL_QUORUM", simple)).toEqual({
      overlap: true,
      words: "LOCAL_QUORUM with LOCAL_QUORUM, SimpleStrategy replication_factor: 1",
    });
  });

  it("exactly where no set of replicas that suffices for a read is apart from one that suffices for a write", () => {
    for (const counts of [[1], [2], [3], [4], [1, 1], [2, 1], [2, 2], [3, 2]]) {
      for (const write of LEVELS) {
        for (const read of LEVELS) {
          const said = check(write, read, inDcs(...counts)).overlap;
          expect({ write, read, counts, overlap: said }).toEqual({
            write,
            read,
            counts,
            overlap: alwaysMeet(write, read, counts),
          });
        }
      }
    }
  });
});

/** By trying all sets of replicas, each as a bit mask. */
function alwaysMeet(write: LevelName, read: LevelName, counts: readonly number[]): boolean {
  const replicaDcs = counts.flatMap((count, dc) => Array<number>(count).fill(dc));
  const sets = Array.from({ length: 2 ** replicaDcs.length }, (_, mask) => mask);
  const suffices = (level: LevelName, mask: number): boolean =>
    counts.some((_, localDc) => sufficesIn(level, countIn(mask, replicaDcs), counts, localDc));
  const writes = sets.filter((mask) => suffices(write, mask));
  const reads = sets.filter((mask) => suffices(read, mask));
  return writes.every((a) => reads.every((b) => (a & b) !== 0));
}

function countIn(mask: number, replicaDcs: readonly number[]): (dc: number) => number {
  return (dc) => replicaDcs.filter((each, i) => each === dc && (mask >> i) & 1).length;
}

function sufficesIn(
  level: LevelName,
  answered: (dc: number) => number,
  counts: readonly number[],
  local: number,
): boolean {
  const majority = (count: number): number => Math.floor(count / 2) + 1;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const total = counts.reduce((sum, _, dc) => sum + answered(dc), 0);
  switch (level) {
    case "ONE":
      return total >= 1;
    case "TWO":
      return total >= 2;
    case "THREE":
      return total >= 3;
    case "QUORUM":
      return total >= majority(all);
    case "ALL":
      return total === all;
    case "LOCAL_ONE":
      return answered(local) >= 1;
    case "LOCAL_QUORUM":
      return answered(local) >= majority(counts[local] ?? 0);
    case "EACH_QUORUM":
      return counts.every((count, dc) => answered(dc) >= majority(count));
  }
}
