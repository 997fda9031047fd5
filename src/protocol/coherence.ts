import type { Copy, TableMark } from "./copy.ts";
import { isEmpty, type Names, type Subject } from "./names.ts";
import { type Tick, tick } from "./position.ts";

/** Ticks and touches: what of the copies still counts. Plain data. */
export interface Coherence {
  tick: Tick;
  allTouchedAt: Tick;
  /** One mark per declared table. */
  readonly tables: Map<string, TableMark>;
  /**
   * The last touch of any partition that falls into a slot. Two partitions that share a slot touch each other's copies, which costs a
   * load and never a stale answer; in return nothing has to be remembered per partition, and nothing forgotten.
   */
  readonly partitionSlots: Float64Array;
  /** The newest flight of each key, while nothing touched it. Bounded by the engine's limit on loads. */
  readonly flights: Map<string, Copy>;
  /** Which views read this name. Bounded by `maxDependencies`. */
  readonly dependents: Map<string, Set<Copy>>;
  dependencies: number;
}

/** Told of each key whose entry must go. */
export type Evict = (key: string) => void;

export function createCoherence(tables: Iterable<string>, partitionSlots: number): Coherence {
  return {
    tick: tick(1),
    allTouchedAt: tick(0),
    tables: new Map(Array.from(tables, (table) => [table, { table, touchedAt: tick(0) }])),
    partitionSlots: new Float64Array(partitionSlots),
    flights: new Map(),
    dependents: new Map(),
    dependencies: 0,
  };
}

/** Touches what is named: entries go, flights are detached, and no copy begun before now counts. Cost: one step per name. */
export function touch(state: Coherence, names: Names, evict: Evict): void {
  if (isEmpty(names)) return;
  const now = advanceTick(state);
  for (const key of names.keys) touchKey(state, key, evict);
  for (const partition of names.partitions) {
    state.partitionSlots[slotOf(state, partition)] = now;
    detachDependents(state, partition, evict);
  }
  for (const table of names.tables) {
    const mark = state.tables.get(table);
    if (mark !== undefined) mark.touchedAt = now;
  }
}

/** Touches everything, in one step. No copy of before counts again, so none needs to be watched over any more. */
export function touchAll(state: Coherence): void {
  state.allTouchedAt = advanceTick(state);
  state.flights.clear();
  state.dependents.clear();
  state.dependencies = 0;
}

function advanceTick(state: Coherence): Tick {
  state.tick = tick(state.tick + 1);
  return state.tick;
}

function touchKey(state: Coherence, key: string, evict: Evict): void {
  const flight = state.flights.get(key);
  if (flight !== undefined) {
    flight.detached = true;
    state.flights.delete(key);
  }
  evict(key);
  detachDependents(state, key, evict);
}

function detachDependents(state: Coherence, name: string, evict: Evict): void {
  const dependents = state.dependents.get(name);
  if (dependents === undefined) return;
  for (const copy of [...dependents]) {
    copy.detached = true;
    forgetDependencies(state, copy);
    if (state.flights.get(copy.subject.key) === copy) state.flights.delete(copy.subject.key);
    else evict(copy.subject.key);
  }
}

/**
 * A new copy, as of now, joinable by its key until something touches it. It takes the place of an older flight of the key: that one
 * answers those who wait for it, and is not stored.
 */
export function beginCopy(state: Coherence, subject: Subject): Copy {
  const copy = copyOf(state, subject);
  const displaced = state.flights.get(subject.key);
  if (displaced !== undefined) releaseCopy(state, displaced);
  state.flights.set(subject.key, copy);
  return copy;
}

/** A copy that is never stored nor joined: for a value that only answers. */
export function passingCopy(state: Coherence, subject: Subject): Copy {
  return { ...copyOf(state, subject), detached: true };
}

function copyOf(state: Coherence, subject: Subject): Copy {
  return {
    subject,
    asOf: state.tick,
    slots: subject.partitions.map((partition) => slotOf(state, partition)),
    marks: subject.tables.map((table) => markOf(state, table)),
    detached: false,
    dependsOn: undefined,
  };
}

/** A table that nobody declared is noted here when it is first read: until then there was nothing of it to touch. */
function markOf(state: Coherence, table: string): TableMark {
  const known = state.tables.get(table);
  if (known !== undefined) return known;
  const mark = { table, touchedAt: tick(0) };
  state.tables.set(table, mark);
  return mark;
}

/** Rule 7. On the hit path: no loop longer than the tables of one key, no allocation. */
export function isCurrent(state: Coherence, copy: Copy): boolean {
  if (copy.detached || copy.asOf < state.allTouchedAt) return false;
  for (let i = 0; i < copy.marks.length; i++) {
    const mark = copy.marks[i];
    if (mark !== undefined && copy.asOf < mark.touchedAt) return false;
  }
  for (let i = 0; i < copy.slots.length; i++) {
    const touchedAt = state.partitionSlots[copy.slots[i] ?? 0];
    if (touchedAt !== undefined && copy.asOf < touchedAt) return false;
  }
  return true;
}

/** The flight of this key that a reader may join now: begun after the last touch of anything it reads. */
export function joinable(state: Coherence, key: string): Copy | undefined {
  const flight = state.flights.get(key);
  return flight !== undefined && isCurrent(state, flight) ? flight : undefined;
}

/**
 * Records that a view reads `subject`, before it is read: from now on, a touch of it detaches the view. False if there is no room:
 * the view may then be answered but not stored.
 */
export function addDependency(state: Coherence, view: Copy, subject: Subject, maxDependencies: number): boolean {
  for (const table of subject.tables) addMark(view, markOf(state, table));
  view.dependsOn ??= new Set();
  for (const name of [subject.key, ...subject.partitions])
    if (!dependOn(state, view, name, maxDependencies)) return false;
  return true;
}

/**
 * A view that read another view depends on all that one depends on. If the other no longer counts, neither does this one.
 * False if there is no room.
 */
export function adoptDependencies(state: Coherence, view: Copy, read: Copy, maxDependencies: number): boolean {
  if (!isCurrent(state, read)) view.detached = true;
  for (const mark of read.marks) addMark(view, mark);
  view.dependsOn ??= new Set();
  for (const name of read.dependsOn ?? []) if (!dependOn(state, view, name, maxDependencies)) return false;
  return true;
}

function addMark(view: Copy, mark: TableMark): void {
  if (!view.marks.includes(mark)) view.marks.push(mark);
}

function dependOn(state: Coherence, view: Copy, name: string, maxDependencies: number): boolean {
  if (view.detached || view.dependsOn === undefined || view.dependsOn.has(name)) return true;
  if (state.dependencies >= maxDependencies) {
    view.detached = true;
    forgetDependencies(state, view);
    return false;
  }
  view.dependsOn.add(name);
  state.dependencies++;
  const dependents = state.dependents.get(name);
  if (dependents === undefined) state.dependents.set(name, new Set([view]));
  else dependents.add(view);
  return true;
}

/** Ends a copy: a flight that failed or was not stored, an entry that was evicted or replaced. */
export function releaseCopy(state: Coherence, copy: Copy): void {
  copy.detached = true;
  forgetDependencies(state, copy);
  if (state.flights.get(copy.subject.key) === copy) state.flights.delete(copy.subject.key);
}

/** A flight has landed: it can no longer be joined; its entry takes its place. */
export function landCopy(state: Coherence, copy: Copy): void {
  if (state.flights.get(copy.subject.key) === copy) state.flights.delete(copy.subject.key);
}

function forgetDependencies(state: Coherence, copy: Copy): void {
  for (const name of copy.dependsOn ?? []) {
    const dependents = state.dependents.get(name);
    if (!dependents?.delete(copy)) continue;
    state.dependencies--;
    if (dependents.size === 0) state.dependents.delete(name);
  }
  copy.dependsOn = undefined;
}

/** FNV-1a, 32 bits, into the slots. */
export function slotOf(state: Coherence, partition: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < partition.length; i++) hash = Math.imul(hash ^ partition.charCodeAt(i), 0x01000193);
  return (hash >>> 0) & (state.partitionSlots.length - 1);
}
