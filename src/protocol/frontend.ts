import { type Coherence, createCoherence, touch, touchAll } from "./coherence.ts";
import { createFeed, type Feed } from "./feed.ts";
import type { Instant } from "./instant.ts";
import type { Announcement, Message } from "./message.ts";
import type { Names } from "./names.ts";
import { addOrphan, dropOldOrphans, type Orphans } from "./orphans.ts";
import type { Sequence } from "./position.ts";
import { createProof, noteTick, type Proof } from "./proof.ts";
import type { ProtocolSettings } from "./settings.ts";
import {
  closeWindow,
  createWindows,
  type Durations,
  foldOldest,
  openCount,
  openWindow,
  takeEnded,
  type Window,
  type Windows,
} from "./windows.ts";

/**
 * A frontend's protocol state: plain data. Everything that happens to it is a function of this folder that takes the state, the event
 * and the moment, changes the state, and tells `Effects` what must be done outside.
 */
export interface FrontendState {
  readonly settings: ProtocolSettings;
  /** The fingerprint of our key spec: messages of another are understood by their tables. */
  readonly spec: string;
  /** In weak mode a keys message opens a settle window, and loads outside windows may read one replica. */
  readonly weak: boolean;
  readonly coherence: Coherence;
  readonly windows: Windows;
  readonly orphans: Orphans;
  readonly feed: Feed;
  readonly proof: Proof;
}

/** What the outside is told to do. */
export interface Effects {
  /** Drop the entry of this key, if there is one. */
  evict(key: string): void;
  /** Read the log and hand the answer to `onSlice` with this `read`; try again until it is answered or another read is asked for. */
  read(read: number, from: { readonly sequence: Sequence } | { readonly storedAtMs: number }, limit: number): void;
  /** A change of state worth a line. */
  changed(change: Change): void;
}

export type Change =
  | { readonly what: "live"; readonly applied: Sequence }
  | { readonly what: "gap"; readonly from: Sequence; readonly to: Sequence }
  | { readonly what: "flush"; readonly why: FlushReason }
  | { readonly what: "orphan"; readonly tables: readonly string[] }
  | { readonly what: "refused"; readonly sequence: Sequence };

export type FlushReason =
  | "gap-too-long"
  | "gap-lost"
  | "rollback"
  | "other-epoch"
  | "young-log"
  | "lost-by-log"
  | "bad-message";

export interface FrontendOptions {
  readonly settings: ProtocolSettings;
  readonly spec: string;
  readonly tables: readonly string[];
  readonly weak: boolean;
}

export function createFrontend(options: FrontendOptions): FrontendState {
  return {
    settings: options.settings,
    spec: options.spec,
    weak: options.weak,
    coherence: createCoherence(options.tables, options.settings.partitionSlots),
    windows: createWindows(),
    orphans: new Map(),
    feed: createFeed(),
    proof: createProof(),
  };
}

/** How long each kind of window lasts. In weak mode a write that lands at the end of its fence needs S more to reach every replica. */
export function durationsOf({ settings, weak }: FrontendState): Durations {
  const { fenceMs, settleMs } = settings;
  return { fence: weak ? fenceMs + settleMs : fenceMs, settle: settleMs, quarantine: fenceMs + settleMs };
}

/** Ends the windows whose time has passed (rule 4). Every event, and every hit once `windows.nextEndMs` is past, begins with it. */
export function advance(state: FrontendState, now: Instant, effects: Effects): void {
  if (now.monotonicMs < state.windows.nextEndMs) return;
  for (const window of takeEnded(state.windows, now, durationsOf(state))) {
    if (window.all) touchAll(state.coherence);
    else touch(state.coherence, window.names, (key) => effects.evict(key));
    if (window.kind !== "fence") continue;
    addOrphan(state.orphans, window, now, state.settings.maxOrphans);
    effects.changed({ what: "orphan", tables: window.about });
  }
  dropOldOrphans(state.orphans, now, state.settings.hintWindowMs);
}

/** Applies one message of the log; the feed says which, and in which order (rules 2, 3 and 8). */
export function applyMessage(
  state: FrontendState,
  message: Message,
  at: Sequence,
  now: Instant,
  effects: Effects,
): void {
  if (message.kind === "tick") {
    noteTick(state.proof, message.tick, at);
    if (message.flush) flush(state, "lost-by-log", now, effects);
    return;
  }
  const names = namesOf(state, message);
  const id = `${message.write}.${message.part}`;
  const window = { id, names, all: false, about: message.about, openedAt: now, folded: false };
  if (message.kind === "fence") {
    open(state, { ...window, kind: "fence", conditional: message.conditional === true });
    return;
  }
  touch(state.coherence, names, (key) => effects.evict(key));
  if (message.kind === "touch") return; // the outcome is unknown: its fence stays
  closeWindow(state.windows, "fence", id);
  if (state.weak) open(state, { ...window, kind: "settle", conditional: false });
}

/** A message of another key spec names keys that we may not have, and not those that we have: its tables are touched whole. */
function namesOf(state: FrontendState, message: Announcement): Names {
  if (message.spec === state.spec) return message;
  return {
    keys: message.keys,
    partitions: message.partitions,
    tables: [...new Set([...message.tables, ...message.about])],
  };
}

function open(state: FrontendState, window: Window): void {
  const durations = durationsOf(state);
  if (openCount(state.windows) >= state.settings.maxWindows) foldOldest(state.windows, window.openedAt, durations);
  openWindow(state.windows, window, durations);
}

/** Rule 5: what was lost may have been anything. Drops everything, and opens a window on it for writes whose fences were lost. */
export function flush(state: FrontendState, why: FlushReason, now: Instant, effects: Effects): void {
  touchAll(state.coherence);
  quarantine(state, now);
  effects.changed({ what: "flush", why });
}

/** A window on everything, of F + S. There is one: to open it anew is sound, for a flush is itself a touch of everything. */
export function quarantine(state: FrontendState, now: Instant): void {
  const names = { keys: [], partitions: [], tables: [] };
  const of = { id: "all", kind: "quarantine", all: true, about: [], conditional: false, folded: false } as const;
  open(state, { ...of, names, openedAt: now });
}
