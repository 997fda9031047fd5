/** What was found wrong. One is enough to fail a run. */
export interface Finding {
  readonly kind: FindingKind;
  readonly words: string;
}

export type FindingKind =
  /** An answer that the history of writes does not allow. */
  | "stale"
  /** An answer of another form than it must have, or without what it must say of itself. */
  | "malformed"
  /** An answer that says it may be old, where its key does not allow that. */
  | "unexpected label"
  | "position went back"
  /** A status that no fault excuses. */
  | "unexpected status"
  /** At rest: a frontend answers something else than the database holds. */
  | "difference"
  /** At rest: the database holds what the history does not allow. */
  | "database"
  | "no evidence"
  | "not calm again"
  | "process died"
  | "uncaught error";

/** Keeps the first of each kind in words, and counts all. */
export interface Findings {
  add(kind: FindingKind, words: string): void;
  readonly counts: ReadonlyMap<FindingKind, number>;
  readonly first: readonly Finding[];
}

const KEPT = 10;

export function createFindings(tell: (finding: Finding) => void = () => {}): Findings {
  const counts = new Map<FindingKind, number>();
  const first: Finding[] = [];
  return {
    add: (kind, words) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count > KEPT) return;
      first.push({ kind, words });
      tell({ kind, words });
    },
    counts,
    first,
  };
}
