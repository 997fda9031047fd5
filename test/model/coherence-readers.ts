import { type Sequence, sequence } from "../../src/protocol/position.ts";
import { EPOCH } from "./coherence-log.ts";
import { has, type Scenario, type SubjectName, timestampOf } from "./coherence-scenario.ts";
import { dropEntry, inMemory, type Move } from "./coherence-steps.ts";
import { baseOf, type Entry, type LoadUnderWay, NOW, readBy, SUBJECTS, type World } from "./coherence-world.ts";
import type { Core } from "./core.ts";

const MAX_DEPENDENCIES = 1_000;

/** What readers can make happen: they ask, loads read the database, views read through others, and what was read is stored. */
export function readerSteps(core: Core, scenario: Scenario, world: World): Move[] {
  const steps: Move[] = [];
  for (const name of scenario.reads) steps.push(...askingSteps(core, scenario, world, name));
  world.loads.forEach((under, at) => {
    steps.push(...loadSteps(core, scenario, world, under, at));
  });
  if (has(scenario, "evicted")) {
    for (const name of world.entries.keys())
      steps.push(inMemory(`memory is full: ${name} goes`, (after) => dropEntry(core, after, name)));
  }
  return steps;
}

function askingSteps(core: Core, scenario: Scenario, world: World, name: SubjectName): Move[] {
  if (world.loads.length >= scenario.maxLoads) return [];
  const steps: Move[] = [];
  const isHeld = servable(core, world, name) !== undefined || joinable(core, world, name) !== undefined;
  const asks = (label: string, keep: boolean): Move =>
    inMemory(`a reader ${label} ${name}`, (after) => void begin(core, scenario, after, name, keep));
  if (!isHeld) steps.push(asks("asks for", true));
  else if (has(scenario, "refresh")) steps.push(asks("asks anew for", true));
  const bypass = world.loads.some((under) => !under.keep && under.name === name);
  if (has(scenario, "bypass") && readBy(name) === undefined && !bypass)
    steps.push(asks("without proof asks for", false));
  if (has(scenario, "position")) steps.push(...positionSteps(core, scenario, world, name));
  return steps;
}

/** I6: a reader asks for the position that a write was answered with. */
function positionSteps(core: Core, scenario: Scenario, world: World, name: SubjectName): Move[] {
  if (world.loads.some((under) => !under.keep && under.name === name)) return [];
  return world.writers.flatMap(({ doneAt }, at) => {
    if (doneAt === 0) return [];
    const label = `a reader that knows of write ${at + 1} asks for ${name}`;
    return [inMemory(label, (after) => askFrom(core, scenario, after, name, sequence(doneAt)))];
  });
}

/** From memory if the position is applied, else by a load that begins now, that nothing joins but what it reads for itself. */
function askFrom(core: Core, scenario: Scenario, world: World, name: SubjectName, position: Sequence): void {
  const least = leastVersion(scenario, world, name, position);
  if (!core["asked-position"].hasApplied(world.front, { epoch: EPOCH, sequence: position })) {
    begin(core, scenario, world, name, false, position);
    return;
  }
  const held = servable(core, world, name);
  if (held !== undefined && held.version < least)
    world.broken = `I6: ${name} is answered from memory without ${writeOf(scenario, least)}, whose position was asked for`;
  if (held === undefined) {
    const under = joinable(core, world, name) ?? begin(core, scenario, world, name, true);
    under.need = Math.max(under.need, least);
  }
}

function begin(
  core: Core,
  scenario: Scenario,
  world: World,
  name: SubjectName,
  keep: boolean,
  position: Sequence = world.front.feed.applied,
): LoadUnderWay {
  const entry = world.entries.get(name);
  if (entry !== undefined && !core.coherence.isCurrent(world.front.coherence, entry.copy)) dropEntry(core, world, name);
  const load = core.load.beginLoad(world.front, SUBJECTS[name], scenario.weak ? "weak" : "strong", keep, NOW);
  const asked = leastVersion(scenario, world, name, position);
  const waiting = { version: undefined, waits: undefined, joined: false, got: undefined };
  const under: LoadUnderWay = { name, load, keep, ...waiting, asked, need: asked };
  world.loads.push(under);
  return under;
}

function loadSteps(core: Core, scenario: Scenario, world: World, under: LoadUnderWay, at: number): Move[] {
  const label = `load of ${under.name}${world.loads.length > 1 ? ` (${at + 1})` : ""}`;
  const step: LoadStep = (does, run) => inMemory(`${label} ${does}`, (after) => run(after, loadAt(after, at)));
  if (under.version !== undefined) return [step("is finished", (after, of) => finish(core, scenario, after, of))];
  const reads = readBy(under.name);
  if (reads !== undefined) return viewSteps(core, scenario, under, reads, step);
  return replicas(world, under).map((replica) =>
    step(`reads ${replica}`, (after, of) => {
      of.version = read(after, of.name, replica);
    }),
  );
}

type LoadStep = (does: string, run: (after: World, of: LoadUnderWay) => void) => Move;
type Replica = "strongly" | "serially" | "the leading replica" | "the lagging replica";

/** A serial read decides what is undecided before it answers, which is a step of its own. */
function replicas({ writers }: World, { load, name }: LoadUnderWay): readonly Replica[] {
  if (load.level === "weak") return ["the leading replica", "the lagging replica"];
  if (load.level === "strong") return ["strongly"];
  return writers.some(({ undecided }) => undecided.includes(baseOf(name))) ? [] : ["serially"];
}

function read({ leading, lagging }: World, name: SubjectName, replica: Replica): number {
  const key = baseOf(name);
  if (replica === "the leading replica") return leading[key];
  return replica === "the lagging replica" ? lagging[key] : Math.max(leading[key], lagging[key]);
}

/** As the engine reads a view: the dependency is noted before it is got, and adopted some time after. */
function viewSteps(core: Core, scenario: Scenario, under: LoadUnderWay, reads: SubjectName, step: LoadStep): Move[] {
  if (under.waits !== undefined) return [];
  if (under.got === undefined) {
    const asks = step(`reads ${reads}`, (after, of) => {
      core.coherence.addDependency(after.front.coherence, of.load.copy, SUBJECTS[reads], MAX_DEPENDENCIES);
      of.got = of.keep ? servable(core, after, reads) : undefined;
      if (of.got !== undefined) return;
      const flight = of.keep ? joinable(core, after, reads) : undefined;
      of.joined = flight !== undefined;
      of.waits = flight ?? begin(core, scenario, after, reads, of.keep);
    });
    return [asks];
  }
  const gets = step(`has ${reads}`, (after, of) => {
    if (of.got === undefined) return;
    core.coherence.adoptDependencies(after.front.coherence, of.load.copy, of.got.copy, MAX_DEPENDENCIES);
    of.version = of.got.version;
    of.got = undefined;
  });
  return [gets];
}

/** Its reader gets the value, and those who joined if nothing was touched meanwhile: then the cache keeps it, too. */
function finish(core: Core, scenario: Scenario, world: World, of: LoadUnderWay): void {
  const { load, name, version = 0 } = of;
  world.loads.splice(world.loads.indexOf(of), 1);
  const touched = of.keep && core.load.wasTouched(world.front, load);
  const least = touched ? of.asked : of.need;
  if (version < least) world.broken = lateBy(scenario, of, least);
  if (!of.keep) core.load.abandonLoad(world.front, load);
  else if (core.load.finishLoad(world.front, load)) {
    dropEntry(core, world, name);
    world.entries.set(name, { copy: load.copy, version });
  }
  for (const waiting of world.loads) {
    if (waiting.waits !== of) continue;
    waiting.waits = undefined;
    if (!touched || !waiting.joined) waiting.got = { copy: load.copy, version };
  }
}

const lateBy = (scenario: Scenario, { name, keep }: LoadUnderWay, least: number): string =>
  keep || !has(scenario, "position")
    ? `I1r: a reader that asked for ${name} after ${writeOf(scenario, least)} was applied got a value without it`
    : `I6: a reader that asked for the position of ${writeOf(scenario, least)} got ${name} without it`;

function loadAt({ loads }: World, at: number): LoadUnderWay {
  const under = loads[at];
  if (under === undefined) throw new Error(`no load ${at}`);
  return under;
}

/** The entry that a proven request would be answered with. */
export function servable(core: Core, world: World, name: SubjectName): Entry | undefined {
  const entry = world.entries.get(name);
  return entry !== undefined && core.coherence.isCurrent(world.front.coherence, entry.copy) ? entry : undefined;
}

/** The load that a request may join now. */
function joinable(core: Core, world: World, name: SubjectName): LoadUnderWay | undefined {
  const copy = core.load.flightToJoin(world.front, name);
  return copy && world.loads.find(({ load }) => load.copy === copy);
}

/** Readers join whatever they may, as late as they may: the last to join asks the most of what the load brings. */
export function joinAll(core: Core, scenario: Scenario, world: World): void {
  for (const under of world.loads) {
    const mayJoin = under.keep
      ? core.load.flightToJoin(world.front, under.name) === under.load.copy
      : core.load.mayJoinBypass(world.front, under.load, NOW);
    if (mayJoin) under.need = Math.max(under.need, leastVersion(scenario, world, under.name));
  }
}

/** The newest acknowledged write of this key with its keys at or before this position: an answer must reflect it, or what overwrote it. */
export function leastVersion(
  scenario: Scenario,
  { writers, front }: World,
  name: SubjectName,
  position: Sequence = front.feed.applied,
): number {
  const key = baseOf(name);
  let least = 0;
  writers.forEach(({ doneAt, landed }, at) => {
    if (doneAt > 0 && doneAt <= position && landed.includes(key)) least = Math.max(least, timestampOf(scenario, at));
  });
  return least;
}

/** Which write a version is. */
export const writeOf = (scenario: Scenario, version: number): string =>
  `write ${scenario.writes.findIndex((_, at) => timestampOf(scenario, at) === version) + 1}`;
