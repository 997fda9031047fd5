import type { Model } from "./check.ts";
import { auditSteps } from "./coherence-audit.ts";
import { frontendSteps } from "./coherence-frontend.ts";
import { copyWorld, slim } from "./coherence-parts.ts";
import { printWorld } from "./coherence-print.ts";
import { joinAll, leastVersion, readerSteps, servable, writeOf } from "./coherence-readers.ts";
import type { Scenario, SubjectName } from "./coherence-scenario.ts";
import { createWorld, type Move } from "./coherence-steps.ts";
import { baseOf, NOW, SUBJECTS, type World } from "./coherence-world.ts";
import { isSettled, writerSteps } from "./coherence-writers.ts";
import type { Core } from "./core.ts";

/** The model of I1, I1r, I2, I3, I6, L1 and L2. With `exact`, ticks are told apart by value and not by what they decide: for mutants of ticks. */
export function coherenceModel(core: Core, scenario: Scenario, exact = false): Model<World, Move> {
  let rests = 0;
  return {
    init: () => createWorld(core, scenario),
    steps: (world) => [
      ...writerSteps(core, scenario, world),
      ...frontendSteps(core, scenario, world),
      ...readerSteps(core, scenario, world),
      ...auditSteps(core, scenario, world),
    ],
    after: (world, { side, run }) => {
      const after = copyWorld(world, side);
      run(after);
      if (side !== "outside") joinAll(core, scenario, after);
      slim(after, side);
      return after;
    },
    print: (world, print) => printWorld(core, scenario, exact, world, print),
    violation: (world) => {
      const stale = world.broken ?? staleEntry(core, scenario, world);
      if (stale !== undefined || scenario.endsAnyTime || !isAtRest(scenario, world)) return stale;
      rests++;
      return differsAtRest(core, world) ?? neverHits(core, scenario, world);
    },
    rests: () => rests,
  };
}

function staleEntry(core: Core, scenario: Scenario, world: World): string | undefined {
  for (const name of world.entries.keys()) {
    const entry = servable(core, world, name);
    const least = leastVersion(scenario, world, name);
    if (entry !== undefined && entry.version < least)
      return `I1: ${name} is servable without ${writeOf(scenario, least)}, whose keys are applied`;
  }
  return undefined;
}

/** Every message is applied, no write is in flight, replication is complete and no window is open. */
function isAtRest(scenario: Scenario, { front, log, heard, late, pending, writers, loads }: World): boolean {
  const { open } = front.windows;
  return (
    loads.length === 0 &&
    heard === log.length &&
    late === undefined &&
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
  const { front } = copyWorld(world, "memory");
  const load = core.load.beginLoad(front, SUBJECTS[name], "strong", true, NOW);
  return core.load.finishLoad(front, load) && core.coherence.isCurrent(front.coherence, load.copy);
}
