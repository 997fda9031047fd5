import type { LevelCheck } from "../../ports/store.ts";
import type { LevelName, Levels } from "./levels.ts";

/** How a keyspace is replicated. */
export interface Replication {
  /** E.g. `NetworkTopologyStrategy`. */
  readonly strategy: string;
  /** How many replicas each data centre has; undefined for a strategy that does not say. */
  readonly replicas: ReadonlyMap<string, number> | undefined;
}

/** Reads the `replication` column of `system_schema.keyspaces`. */
export function replicationFrom(settings: ReadonlyMap<string, string>): Replication {
  const strategy = (settings.get("class") ?? "").replace(/^.*\./, "");
  const factors = [...settings].filter(([name]) => name !== "class");
  // A transient replica is written as 3/1: three in all.
  const counts = factors.map(([name, factor]): [string, number] => [name, Number.parseInt(factor, 10)]);
  if (strategy === "LocalStrategy") return { strategy, replicas: new Map([["this node", 1]]) };
  const known = counts.length > 0 && counts.every(([, count]) => Number.isInteger(count));
  return { strategy, replicas: known ? new Map(counts.filter(([, count]) => count > 0)) : undefined };
}

/** Whether a strong read meets every acknowledged write on at least one replica, wherever either was coordinated. */
export function checkOverlap({ write, strongRead }: Levels, { strategy, replicas }: Replication): LevelCheck {
  const names = `${write} with ${strongRead}, ${strategy}`;
  if (replicas === undefined || replicas.size === 0) {
    return { overlap: false, words: `${names}: its replicas cannot be counted, so overlap cannot be checked` };
  }
  const words = `${names} ${[...replicas].map(([dc, count]) => `${dc}: ${count}`).join(", ")}`;
  const gap = gapOf(write, strongRead, replicas);
  return gap === undefined ? { overlap: true, words } : { overlap: false, words: `${words}: ${gap}` };
}

/** The replicas that answer at a level: so many in each data centre at least, and so many in all. */
interface Quota {
  readonly perDc: ReadonlyMap<string, number>;
  readonly total: number;
}

/** A way for a read to miss a write, in words; undefined if there is none. */
function gapOf(write: LevelName, read: LevelName, replicas: ReadonlyMap<string, number>): string | undefined {
  for (const writeDc of replicas.keys()) {
    for (const readDc of replicas.keys()) {
      const [written, asked] = [quotaOf(write, writeDc, replicas), quotaOf(read, readDc, replicas)];
      if (!canMiss(written, asked, replicas)) continue;
      return writeDc === readDc
        ? `a write to ${written.total} and a read of ${asked.total} of ${sum(replicas)} replicas need not meet`
        : `a write acknowledged in ${writeDc} may be missed by a read in ${readDc}; write or read at EACH_QUORUM`;
    }
  }
  return undefined;
}

/** Two sets of replicas that keep apart exist if no data centre is too small for both quotas, nor all of them together. */
function canMiss(a: Quota, b: Quota, replicas: ReadonlyMap<string, number>): boolean {
  const fitsEach = [...replicas].every(([dc, count]) => (a.perDc.get(dc) ?? 0) + (b.perDc.get(dc) ?? 0) <= count);
  return fitsEach && a.total + b.total <= sum(replicas);
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
const majority = (count: number): number => Math.floor(count / 2) + 1;
const ANYWHERE: ReadonlyMap<string, number> = new Map();
const FIXED = { ONE: 1, TWO: 2, THREE: 3 } as const;

function quotaOf(level: LevelName, localDc: string, replicas: ReadonlyMap<string, number>): Quota {
  const inLocalDc = (count: number): Quota => ({ perDc: new Map([[localDc, count]]), total: count });
  switch (level) {
    case "ONE":
    case "TWO":
    case "THREE":
      return { perDc: ANYWHERE, total: FIXED[level] };
    case "QUORUM":
      return { perDc: ANYWHERE, total: majority(sum(replicas)) };
    case "ALL":
      return { perDc: replicas, total: sum(replicas) };
    case "LOCAL_ONE":
      return inLocalDc(1);
    case "LOCAL_QUORUM":
      return inLocalDc(majority(replicas.get(localDc) ?? 0));
    case "EACH_QUORUM": {
      const perDc = new Map([...replicas].map(([dc, count]) => [dc, majority(count)]));
      return { perDc, total: sum(perDc) };
    }
  }
}
