/**
 * What was written to the friendships of a graph, as its writers were told; and the judge of what readers were answered. It knows nothing of
 * nearkey but its promise: an answer reflects every write that was acknowledged more than the bound before the request was sent.
 */
export interface History {
  begin(pair: string, present: boolean): Write;
  /** What is wrong with an answer, in words; undefined if nothing is. */
  judge(pair: string, seen: boolean, sentAtMs: number, answeredAtMs: number): string | undefined;
  /** The values that a read at rest may find. */
  possible(pair: string): ReadonlySet<boolean>;
}

export interface Write {
  readonly present: boolean;
  readonly beganAtMs: number;
  /** `refused`: nothing was written, and never will be. `unknown`: it may be, now or at any time later. */
  end(outcome: "acked" | "refused" | "unknown"): void;
}

interface Written {
  readonly present: boolean;
  readonly beganAtMs: number;
  endedAtMs: number;
  outcome: "under-way" | "acked" | "refused" | "unknown";
}

/** One writer at a time to each pair, so that acknowledged writes have an order. */
export function createHistory(initial: ReadonlySet<string>, boundMs: number, now: () => number): History {
  const writes = new Map<string, Written[]>();
  const of = (pair: string): Written[] => {
    const known = writes.get(pair);
    if (known !== undefined) return known;
    const start: Written[] = [{ present: initial.has(pair), beganAtMs: 0, endedAtMs: 0, outcome: "acked" }];
    writes.set(pair, start);
    return start;
  };
  /** The last write that must be seen, and all that may be seen instead of it. */
  const allowed = (pair: string, ackedBeforeMs: number, begunBeforeMs: number): ReadonlySet<boolean> => {
    const all = of(pair).filter((w) => w.outcome !== "refused");
    const must = all.findLastIndex((w) => w.outcome === "acked" && w.endedAtMs <= ackedBeforeMs);
    const may = all.filter((w, i) => i >= must && w.beganAtMs <= begunBeforeMs);
    const unknown = all.filter((w) => w.outcome === "unknown");
    return new Set([...may, ...unknown].map((w) => w.present));
  };
  return {
    begin: (pair, present) => {
      const write: Written = { present, beganAtMs: now(), endedAtMs: Number.POSITIVE_INFINITY, outcome: "under-way" };
      of(pair).push(write);
      return {
        present,
        beganAtMs: write.beganAtMs,
        end: (outcome) => {
          write.outcome = outcome;
          write.endedAtMs = now();
        },
      };
    },
    judge: (pair, seen, sentAtMs, answeredAtMs) => {
      if (allowed(pair, sentAtMs - boundMs, answeredAtMs).has(seen)) return undefined;
      return `${pair} was answered ${seen ? "present" : "absent"} at ${sentAtMs.toFixed(0)} ms`;
    },
    possible: (pair) => allowed(pair, now(), now()),
  };
}
