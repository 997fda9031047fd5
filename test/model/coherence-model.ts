import type { Copy } from "../../src/protocol/copy.ts";
import type { Model, Step } from "./check.ts";
import { frontendSteps } from "./coherence-frontend.ts";
import { joinAll, missedWrite, readerSteps, servable } from "./coherence-readers.ts";
import { baseOf, createWorld, NOW, type Scenario, SUBJECTS, type SubjectName, type World } from "./coherence-world.ts";
import { isSettled, writerSteps } from "./coherence-writers.ts";
import type { Core } from "./core.ts";
import { cloneGraph, graphText, type Written } from "./graph.ts";

export interface CoherenceModel extends Model<World> {
  /** How often everything had come to rest, so that I2, I3 and L1 were put to the test. */
  readonly rests: () => number;
}

/** The model of I1, I1r, I2, I3 and L1. With `exact`, ticks are told apart by value and not by what they decide: for mutants of ticks. */
export function coherenceModel(core: Core, scenario: Scenario, exact = false): CoherenceModel {
  let rests = 0;
  return {
    init: () => createWorld(core, scenario),
    steps: (world) => stepsOf(core, scenario, world),
    clone: cloneGraph,
    text: (world) => graphText(world, exact ? EXACT : insteadOf(core, world)),
    violation: (world) => {
      const stale = world.broken ?? staleEntry(core, scenario, world);
      if (stale !== undefined || scenario.endsAnyTime || !isAtRest(scenario, world)) return stale;
      rests++;
      return differsAtRest(core, world) ?? neverHits(core, scenario, world);
    },
    rests: () => rests,
  };
}

function stepsOf(core: Core, scenario: Scenario, world: World): readonly Step<World>[] {
  const steps = [
    ...writerSteps(core, scenario, world),
    ...frontendSteps(core, scenario, world),
    ...readerSteps(core, scenario, world),
  ];
  return steps.map(({ label, run }) => ({
    label,
    run: (after) => {
      run(after);
      joinAll(core, after);
    },
  }));
}

function staleEntry(core: Core, scenario: Scenario, world: World): string | undefined {
  for (const name of world.entries.keys()) {
    const entry = servable(core, world, name);
    const missed = entry && missedWrite(scenario, world, name, entry.version, world.front.feed.applied);
    if (missed !== undefined) return `I1: ${name} is servable without ${missed}, whose keys are applied`;
  }
  return undefined;
}

/** Every message is applied, no write is in flight, replication is complete and no window is open. */
function isAtRest(scenario: Scenario, { front, log, heard, pending, writers, loads }: World): boolean {
  const { open } = front.windows;
  return (
    loads.length === 0 &&
    heard === log.length &&
    pending === undefined &&
    front.feed.applied === log.length &&
    open.fence.size + open.settle.size + open.quarantine.size === 0 &&
    writers.every((writer) => {
      const phase = writer.state?.phase ?? "answered";
      return (
        phase === "answered" && writer.owed.length === 0 && isSettled(scenario, writer) && writer.behind.length === 0
      );
    })
  );
}

function differsAtRest(core: Core, world: World): string | undefined {
  for (const name of world.entries.keys()) {
    const entry = servable(core, world, name);
    if (entry === undefined || entry.version === world.leading[baseOf(name)]) continue;
    const invariant = world.writers.some(({ crashed }) => crashed) ? "I3" : "I2";
    return `${invariant}: at rest ${name} is servable and differs from the database`;
  }
  return undefined;
}

/** L1: read once, and the second read is a hit. */
function neverHits(core: Core, scenario: Scenario, world: World): string | undefined {
  const missing = scenario.reads.find(
    (name) => servable(core, world, name) === undefined && !isKept(core, world, name),
  );
  return missing && `L1: at rest ${missing} was read and is not servable`;
}

function isKept(core: Core, world: World, name: SubjectName): boolean {
  const { front } = cloneGraph(world);
  const load = core.load.beginLoad(front, SUBJECTS[name], "strong", true, NOW);
  return core.load.finishLoad(front, load) && core.coherence.isCurrent(front.coherence, load.copy);
}

const SKIPPED: Written = () => undefined;

/** What no future step can tell apart, or what follows from the rest. */
const ALWAYS_SKIPPED = [
  "settings",
  "nextEndMs",
  "openedAt",
  "since",
  "startedAt",
  "sentAt",
  "provenAt",
  "ttlCapMs",
  "orphans",
];
const TICKS = ["tick", "allTouchedAt", "touchedAt", "partitionSlots"];

const skipping = (names: readonly string[]) => names.map((name) => [name, SKIPPED] as const);
const EXACT: ReadonlyMap<string, Written> = new Map(skipping(ALWAYS_SKIPPED));

/**
 * Ticks only ever decide whether a copy is current, for the next touch is later than any of them; and whether nothing was touched since a
 * bypass began. So a copy is written with what its tick decides, and the ticks themselves are left out.
 */
function insteadOf(core: Core, { front }: World): ReadonlyMap<string, Written> {
  const { coherence, feed } = front;
  return new Map<string, Written>([
    ...skipping(ALWAYS_SKIPPED),
    ...skipping(TICKS),
    [
      "asOf",
      (asOf, owner) =>
        isCopy(owner) && !owner.detached
          ? `${core.coherence.isCurrent(coherence, owner)}`
          : `${asOf === coherence.tick}`,
    ],
    ["read", SKIPPED],
    ["readId", (readId) => `${readId === feed.read}`],
    ["log", (log) => (Array.isArray(log) ? log.map(({ code }) => code).join() : undefined)],
  ]);
}

const isCopy = (owner: object): owner is Copy => "asOf" in owner;
