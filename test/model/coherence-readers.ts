import type { Step } from "./check.ts";
import {
  baseOf,
  dropEntry,
  type Entry,
  has,
  type LoadUnderWay,
  NOW,
  READS,
  type Scenario,
  SUBJECTS,
  type SubjectName,
  timestampOf,
  type World,
} from "./coherence-world.ts";
import type { Core } from "./core.ts";

const MAX_DEPENDENCIES = 1_000;

/** What readers can make happen: they ask, loads read the database, views read through others, and what was read is stored. */
export function readerSteps(core: Core, scenario: Scenario, world: World): Step<World>[] {
  return [
    ...scenario.reads.flatMap((name) => askingSteps(core, scenario, world, name)),
    ...world.loads.flatMap((under, at) => loadSteps(core, scenario, world, under, at)),
    ...evictionSteps(core, scenario, world),
  ];
}

function askingSteps(core: Core, scenario: Scenario, world: World, name: SubjectName): Step<World>[] {
  if (world.loads.length >= scenario.maxLoads) return [];
  const steps: Step<World>[] = [];
  const isHeld = servable(core, world, name) !== undefined || joinable(core, world, name) !== undefined;
  const asks = (label: string, keep: boolean): Step<World> => ({
    label: `a reader ${label} ${name}`,
    run: (after) => void begin(core, scenario, after, name, keep),
  });
  if (!isHeld) steps.push(asks("asks for", true));
  else if (has(scenario, "refresh")) steps.push(asks("asks anew for", true));
  const bypass = world.loads.some((under) => !under.keep && under.name === name);
  if (has(scenario, "bypass") && READS[name] === undefined && !bypass)
    steps.push(asks("without proof asks for", false));
  return steps;
}

function evictionSteps(core: Core, scenario: Scenario, world: World): Step<World>[] {
  if (!has(scenario, "evicted")) return [];
  return [...world.entries.keys()].map((name) => ({
    label: `memory is full: ${name} goes`,
    run: (after: World) => dropEntry(core, after, name),
  }));
}

function begin(core: Core, { weak }: Scenario, world: World, name: SubjectName, keep: boolean): LoadUnderWay {
  const entry = world.entries.get(name);
  if (entry !== undefined && !core.coherence.isCurrent(world.front.coherence, entry.copy)) dropEntry(core, world, name);
  const load = core.load.beginLoad(world.front, SUBJECTS[name], weak ? "weak" : "strong", keep, NOW);
  const asked = world.front.feed.applied;
  const waiting = { version: undefined, waits: undefined, joined: false, got: undefined };
  const under: LoadUnderWay = { name, load, keep, ...waiting, asked, need: asked };
  world.loads.push(under);
  return under;
}

function loadSteps(core: Core, scenario: Scenario, world: World, under: LoadUnderWay, at: number): Step<World>[] {
  const label = `load of ${under.name}${world.loads.length > 1 ? ` (${at + 1})` : ""}`;
  const step = (does: string, run: (after: World, of: LoadUnderWay) => void): Step<World> => ({
    label: `${label} ${does}`,
    run: (after) => run(after, loadAt(after, at)),
  });
  if (under.version !== undefined) return [step("is finished", (after, of) => finish(core, scenario, after, of))];
  const reads = READS[under.name];
  if (reads !== undefined) return viewSteps(core, scenario, under, reads, step);
  return replicas(under).map((replica) =>
    step(`reads ${replica}`, (after, of) => {
      of.version = read(after, of.name, replica);
    }),
  );
}

type Replica = "strongly" | "the leading replica" | "the lagging replica";

const replicas = ({ load }: LoadUnderWay): Replica[] =>
  load.level === "weak" ? ["the leading replica", "the lagging replica"] : ["strongly"];

function read({ leading, lagging }: World, name: string, replica: Replica): number {
  const [first, second] = [leading[name] ?? 0, lagging[name] ?? 0];
  if (replica === "strongly") return Math.max(first, second);
  return replica === "the leading replica" ? first : second;
}

/** As the engine reads a view: the dependency is noted before it is got, and adopted some time after. */
function viewSteps(
  core: Core,
  scenario: Scenario,
  under: LoadUnderWay,
  reads: SubjectName,
  step: (does: string, run: (after: World, of: LoadUnderWay) => void) => Step<World>,
): Step<World>[] {
  if (under.waits !== undefined) return [];
  if (under.got === undefined) {
    return [
      step(`reads ${reads}`, (after, of) => {
        core.coherence.addDependency(after.front.coherence, of.load.copy, SUBJECTS[reads], MAX_DEPENDENCIES);
        of.got = servable(core, after, reads);
        if (of.got !== undefined) return;
        const flight = joinable(core, after, reads);
        of.joined = flight !== undefined;
        of.waits = flight ?? begin(core, scenario, after, reads, true);
      }),
    ];
  }
  return [
    step(`has ${reads}`, (after, of) => {
      if (of.got === undefined) return;
      core.coherence.adoptDependencies(after.front.coherence, of.load.copy, of.got.copy, MAX_DEPENDENCIES);
      of.version = of.got.version;
      of.got = undefined;
    }),
  ];
}

/** Its reader gets the value, and those who joined if nothing was touched meanwhile: then the cache keeps it, too. */
function finish(core: Core, scenario: Scenario, world: World, of: LoadUnderWay): void {
  const { load, name, version = 0 } = of;
  world.loads.splice(world.loads.indexOf(of), 1);
  const touched = of.keep && core.load.wasTouched(world.front, load);
  const missed = missedWrite(scenario, world, name, version, touched ? of.asked : of.need);
  if (missed !== undefined)
    world.broken = `I1r: a reader that asked for ${name} after ${missed} was applied got a value without it`;
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

function loadAt({ loads }: World, at: number): LoadUnderWay {
  const under = loads[at];
  if (under === undefined) throw new Error(`no load ${at}`);
  return under;
}

/** The entry that a proven request would be answered with. */
export function servable(core: Core, world: World, name: string): Entry | undefined {
  const entry = world.entries.get(name);
  return entry !== undefined && core.coherence.isCurrent(world.front.coherence, entry.copy) ? entry : undefined;
}

/** The load that a request may join now. */
function joinable(core: Core, world: World, name: string): LoadUnderWay | undefined {
  const copy = core.load.flightToJoin(world.front, name);
  return copy && world.loads.find(({ load }) => load.copy === copy);
}

/** Readers join whatever they may, as late as they may: the last to join asks the most of what the load brings. */
export function joinAll(core: Core, world: World): void {
  for (const under of world.loads) {
    const mayJoin = under.keep
      ? core.load.flightToJoin(world.front, under.name) === under.load.copy
      : core.load.mayJoinBypass(world.front, under.load, NOW);
    if (mayJoin) under.need = world.front.feed.applied;
  }
}

/** An acknowledged write of this key, announced no later than `upTo`, that the version does not reflect. */
export function missedWrite(
  { writes }: Scenario,
  { writers }: World,
  name: string,
  version: number,
  upTo: number,
): string | undefined {
  const key = baseOf(name);
  const at = writers.findIndex(
    ({ doneAt }, i) =>
      doneAt > 0 && doneAt <= upTo && version < timestampOf(i) && writes[i]?.keys.some((k) => k === key),
  );
  return at < 0 ? undefined : `write ${at + 1}`;
}
