import { type Instant, surelyElapsedMs } from "./instant.ts";
import { eachName, type Names, type Subject, tableTag } from "./names.ts";

/** Why a window is open: a write announced and not yet finished; replicas that may still differ; messages that were lost. */
export type WindowKind = "fence" | "settle" | "quarantine";

/** A time in which a write may be landing. It blocks nothing; its end is a touch (rule 4). */
export interface Window {
  readonly id: string;
  readonly kind: WindowKind;
  readonly names: Names;
  /** True if it is a window on everything. */
  readonly all: boolean;
  /** The tables written, to fall back on when there is no room to remember the names. */
  readonly about: readonly string[];
  readonly conditional: boolean;
  readonly openedAt: Instant;
  /** True if it stands for windows that there was no room to keep one by one. */
  readonly folded: boolean;
}

/** The open windows. One queue per kind, so that the oldest of each is the first to end. Plain data. */
export interface Windows {
  readonly open: Readonly<Record<WindowKind, Map<string, Window>>>;
  /** How many open windows name this key, partition or table (`tableTag`). */
  readonly named: Map<string, number>;
  allOpen: number;
  /** There is nothing to end before this moment of the monotonic clock; Infinity if no window is open. */
  nextEndMs: number;
}

export type Durations = Readonly<Record<WindowKind, number>>;

/** How often a window is looked at whose time has passed on the monotonic clock but not on the wall clock, which was set back. */
const LOOK_AGAIN_MS = 1_000;

export function createWindows(): Windows {
  return {
    open: { fence: new Map(), settle: new Map(), quarantine: new Map() },
    named: new Map(),
    allOpen: 0,
    nextEndMs: Number.POSITIVE_INFINITY,
  };
}

/** Opens a window, or opens it anew if one of this id is open. */
export function openWindow(state: Windows, window: Window, durations: Durations): void {
  closeWindow(state, window.kind, window.id);
  state.open[window.kind].set(window.id, window);
  count(state, window, 1);
  state.nextEndMs = Math.min(state.nextEndMs, window.openedAt.monotonicMs + durations[window.kind]);
}

/** Closes a window whose write is known to be done; the caller has touched its names. */
export function closeWindow(state: Windows, kind: WindowKind, id: string): Window | undefined {
  const window = state.open[kind].get(id);
  if (window === undefined) return undefined;
  state.open[kind].delete(id);
  count(state, window, -1);
  return window;
}

/** Takes out the windows whose time has surely passed, oldest first. The caller touches what they name. */
export function takeEnded(state: Windows, now: Instant, durations: Durations): readonly Window[] {
  const ended: Window[] = [];
  let nextEndMs = Number.POSITIVE_INFINITY;
  for (const kind of ["fence", "settle", "quarantine"] as const) {
    for (const window of state.open[kind].values()) {
      const endsAtMs = window.openedAt.monotonicMs + durations[kind];
      if (now.monotonicMs < endsAtMs) {
        nextEndMs = Math.min(nextEndMs, endsAtMs);
        break; // those behind it were opened later
      }
      if (surelyElapsedMs(window.openedAt, now) < durations[kind]) {
        // The wall clock was set back since it was opened. Those behind it were perhaps opened after that, and end before it.
        nextEndMs = Math.min(nextEndMs, now.monotonicMs + LOOK_AGAIN_MS);
        continue;
      }
      closeWindow(state, kind, window.id);
      ended.push(window);
    }
  }
  state.nextEndMs = nextEndMs;
  return ended;
}

/**
 * Makes room: the oldest window becomes one on its tables, so that nothing is forgotten and more is touched at its end.
 *
 * A table has one such window per period of a window's length. With a single one, that every fold opens anew, a rush of writes would
 * keep it open, and its end would never come.
 */
export function foldOldest(state: Windows, now: Instant, durations: Durations): void {
  const oldest = oldestUnfolded(state);
  if (oldest === undefined) return;
  const { kind } = oldest;
  closeWindow(state, kind, oldest.id);
  const period = Math.floor(now.monotonicMs / durations[kind]);
  for (const table of oldest.about) {
    const id = `${table}/${period}`;
    const conditional = oldest.conditional || state.open[kind].get(id)?.conditional === true;
    const names = { keys: [], partitions: [], tables: [table] };
    openWindow(
      state,
      { id, kind, names, all: false, about: [table], conditional, openedAt: now, folded: true },
      durations,
    );
  }
}

/** Settle windows first: the end of a fence leaves orphans. */
function oldestUnfolded(state: Windows): Window | undefined {
  for (const kind of ["settle", "fence"] as const) {
    for (const window of state.open[kind].values()) if (!window.folded) return window;
  }
  return undefined;
}

export function openCount(state: Windows): number {
  return state.open.fence.size + state.open.settle.size + state.open.quarantine.size;
}

/** True while a write of anything this subject reads may be landing. */
export function isOpenOn(state: Windows, subject: Subject): boolean {
  if (state.allOpen > 0 || state.named.has(subject.key)) return true;
  return subject.partitions.some((p) => state.named.has(p)) || subject.tables.some((t) => state.named.has(tableTag(t)));
}

function count(state: Windows, window: Window, by: 1 | -1): void {
  if (window.all) state.allOpen += by;
  for (const name of eachName(window.names)) {
    const left = (state.named.get(name) ?? 0) + by;
    if (left === 0) state.named.delete(name);
    else state.named.set(name, left);
  }
}
