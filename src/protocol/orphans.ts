import { type Instant, surelyElapsedMs } from "./instant.ts";
import { eachName, type Subject, tableTag } from "./names.ts";
import type { Window } from "./windows.ts";

/**
 * What is left of a fence that nobody closed (rule 8): its write may have reached a few replicas, and a hint may deliver it to the others
 * hours later. Until then its names live shorter.
 *
 * A conditional write may have been left undecided: reads of its names are serial for as long, so that one of them decides it. They stay
 * serial after the first, which may have been of another partition of the same name, or of a view that reads nothing itself.
 */
export interface Orphan {
  readonly since: Instant;
  readonly conditional: boolean;
}

/** Orphaned names; insertion order is age order. Plain data. */
export type Orphans = Map<string, Orphan>;

/** Remembers an orphaned fence. Without room, its tables are remembered in place of its names: more names, the same care. */
export function addOrphan(state: Orphans, window: Window, now: Instant, maxOrphans: number): void {
  const names = [...eachName(window.names)];
  const kept = state.size + names.length <= maxOrphans ? names : window.about.map(tableTag);
  for (const name of kept) {
    const conditional = window.conditional || state.get(name)?.conditional === true;
    state.delete(name);
    state.set(name, { since: now, conditional });
  }
}

/** Forgets orphans whose hints must have been delivered or dropped. */
export function dropOldOrphans(state: Orphans, now: Instant, hintWindowMs: number): void {
  for (const [name, orphan] of state) {
    if (surelyElapsedMs(orphan.since, now) < hintWindowMs) return;
    state.delete(name);
  }
}

/** The orphans that this subject's reads could meet. */
export function orphansOf(state: Orphans, subject: Subject): readonly Orphan[] {
  if (state.size === 0) return [];
  const names = [subject.key, ...subject.partitions, ...subject.tables.map(tableTag)];
  return names.flatMap((name) => state.get(name) ?? []);
}
