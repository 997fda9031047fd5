import type { Copy } from "../../src/protocol/copy.ts";
import { has, type Scenario, type SubjectName } from "./coherence-scenario.ts";
import type { Entry, LoadUnderWay, Part, World, Writer } from "./coherence-world.ts";
import type { Core } from "./core.ts";
import { Print } from "./print.ts";

/**
 * The print of a world: all that the future depends on.
 *
 * Left out is what no step can tell apart. Ticks only ever decide whether a copy is current, for the next touch is later than any of them;
 * and whether nothing was touched since a bypass began: so a copy is printed with what its tick decides. What the log held before
 * the oldest record that can be heard or read again is not printed, and sequences count from there. With `exact` ticks are printed as
 * they are, for mutants of ticks.
 */
export function printWorld(core: Core, scenario: Scenario, exact: boolean, world: World, print: Print): void {
  const horizon = horizonOf(scenario, world);
  print.addLanes(partOf(world, "outside", (part) => printWriters(world.writers, part)));
  print.addLanes(partOf(world, "following", (part) => printFollowing(world, horizon, part)));
  print.addLanes(partOf(world, "memory", (part) => new MemoryPrint(core, exact, world, part).all()));
  for (const { doneAt } of world.writers) print.add(doneAt === 0 ? -1 : Math.max(doneAt - horizon, 0));
  print.add(world.suspect === undefined ? -1 : Math.max(world.suspect.foundAt - horizon, 0));
  for (const version of [...Object.values(world.leading), ...Object.values(world.lagging)]) print.add(version);
  for (let n = horizon; n < world.log.length; n++) print.word(world.log[n]?.code ?? "");
  print.words(world.spent).word(world.broken ?? "");
}

function partOf(world: World, part: Part, print: (of: Print) => void): { readonly high: number; readonly low: number } {
  const known = world.prints[part];
  if (known !== undefined) return known;
  const of = new Print().clear();
  print(of);
  world.prints[part] = of;
  return of;
}

/** No step looks at a record up to here again. */
function horizonOf(scenario: Scenario, { spent, heard, late, pending, front: { feed } }: World): number {
  if (has(scenario, "restart") && !spent.includes("restart")) return 0; // a cold start reads it all
  const reading = pending?.readId === feed.read ? pending.from - 1 : feed.applied;
  return Math.min(feed.applied, heard, reading, late === undefined ? feed.applied : late - 1);
}

function printWriters(writers: readonly Writer[], print: Print): void {
  for (const { state, crashed, standsStill, wire, landed, behind, undecided, written, stored, owed } of writers) {
    print
      .word(state?.phase ?? "")
      .flag(crashed)
      .flag(standsStill)
      .flag(written);
    for (const words of [wire, landed, behind, undecided, stored, owed]) print.words(words);
  }
}

function printFollowing({ front, heard, late, pending, quarantined }: World, horizon: number, print: Print): void {
  const { feed, windows, orphans } = front;
  print
    .word(feed.phase)
    .flag(feed.connected)
    .flag(feed.resumed)
    .flag(feed.cold)
    .flag(feed.epoch !== undefined);
  print
    .add(feed.applied - horizon)
    .flag(feed.appliedStoredAt !== undefined)
    .add(heard - horizon);
  if (feed.ahead !== undefined) print.add(feed.ahead.from - horizon).add(feed.ahead.to - horizon);
  print.add(-1).add(late === undefined ? 0 : late - horizon);
  for (const at of feed.recent.keys()) if (at > horizon) print.add(at - horizon);
  print.add(-2);
  if (pending !== undefined) print.add(pending.readId === feed.read ? pending.from - horizon : -3);
  for (const kind of ["fence", "settle", "quarantine"] as const) print.words(windows.open[kind].keys());
  for (const [name, { conditional }] of orphans) if (conditional) print.word(name);
  print.add(-4);
  for (const at of quarantined) print.add(at);
}

/** In which order loads began, or entries were stored, no step can tell apart. */
const NAMES: readonly SubjectName[] = ["k1", "k2", "view", "outer"];
const byName = (a: LoadUnderWay, b: LoadUnderWay): number =>
  NAMES.indexOf(a.name) - NAMES.indexOf(b.name) ||
  Number(a.keep) - Number(b.keep) ||
  (a.version ?? -1) - (b.version ?? -1);

/** Prints what the frontend holds and loads. A copy that is met again is printed by its number: loads, entries and dependents share them. */
class MemoryPrint {
  readonly #core: Core;
  readonly #exact: boolean;
  readonly #world: World;
  readonly #print: Print;
  readonly #numbers = new Map<Copy, number>();

  constructor(core: Core, exact: boolean, world: World, print: Print) {
    this.#core = core;
    this.#exact = exact;
    this.#world = world;
    this.#print = print;
  }

  all(): void {
    const { front, entries, loads, suspect } = this.#world;
    const inOrder = loads.length > 1 ? [...loads].sort(byName) : loads;
    for (const load of inOrder) this.#load(load, inOrder);
    this.#print.add(-2);
    for (const name of NAMES) this.#entry(entries.get(name));
    for (const name of NAMES) this.#copy(front.coherence.flights.get(name));
    this.#copy(suspect?.copy);
    this.#print.add(front.coherence.dependencies);
    for (const [name, dependents] of front.coherence.dependents) {
      this.#print.word(name);
      for (const copy of dependents) this.#copy(copy);
    }
    if (this.#exact) this.#ticks();
  }

  #load({ name, load, keep, joined, version, asked, need, waits, got }: LoadUnderWay, loads: readonly LoadUnderWay[]) {
    const print = this.#print.word(name).word(load.level).flag(keep).flag(joined);
    print
      .add(version ?? -1)
      .add(asked)
      .add(need)
      .add(waits === undefined ? -1 : loads.indexOf(waits));
    this.#copy(load.copy);
    if (!keep) print.flag(load.copy.asOf === this.#world.front.coherence.tick);
    this.#entry(got);
  }

  #entry(entry: Entry | undefined): void {
    this.#copy(entry?.copy);
    this.#print.add(entry?.version ?? -1);
  }

  #copy(copy: Copy | undefined): void {
    const number = copy === undefined ? -2 : this.#numbers.get(copy);
    this.#print.add(number ?? -1);
    if (copy === undefined || number !== undefined) return;
    this.#numbers.set(copy, this.#numbers.size);
    this.#print
      .word(copy.subject.key)
      .flag(copy.detached)
      .words(copy.dependsOn ?? ["none"]);
    this.#print.flag(this.#core.coherence.isCurrent(this.#world.front.coherence, copy));
    for (const { table } of copy.marks) this.#print.word(table);
    this.#print.add(-1);
    if (this.#exact) this.#print.add(copy.asOf);
  }

  #ticks(): void {
    const { coherence } = this.#world.front;
    this.#print.add(coherence.tick).add(coherence.allTouchedAt);
    for (const { touchedAt } of coherence.tables.values()) this.#print.add(touchedAt);
    for (const touchedAt of coherence.partitionSlots) this.#print.add(touchedAt);
  }
}
