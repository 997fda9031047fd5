import { type BaseKey, has, type Scenario, timestampOf } from "./coherence-scenario.ts";
import type { Move } from "./coherence-steps.ts";
import { type World, type Writer, writerAt } from "./coherence-world.ts";

/** What is on the wire lands, or is lost; what has landed reaches the other replica later. */
export function databaseSteps(scenario: Scenario, writer: Writer, at: number): Move[] {
  const version = timestampOf(scenario, at);
  const step = (label: string, run: (after: Writer, world: World) => void): Move => ({
    label: `write ${at + 1}: ${label}`,
    side: "outside",
    run: (world) => run(writerAt(world, at), world),
  });
  const steps: Move[] = [];
  for (const key of writer.wire) {
    steps.push(
      step(`${key} lands`, (after, world) => {
        after.wire = without(after.wire, key);
        land(scenario, world, after, key, version);
      }),
    );
  }
  for (const key of writer.behind) {
    steps.push(
      step(`${key} reaches the lagging replica`, (after, world) => {
        after.behind = without(after.behind, key);
        world.lagging = raised(world.lagging, key, version);
      }),
    );
  }
  return [...steps, ...failing(scenario, writer, version, step)];
}

function failing(
  scenario: Scenario,
  writer: Writer,
  version: number,
  step: (label: string, run: (after: Writer, world: World) => void) => Move,
): Move[] {
  const steps: Move[] = [];
  if (has(scenario, "lost-write") && writer.wire.length > 0) {
    steps.push(
      step("what is on the wire is lost", (after) => {
        after.wire = [];
      }),
    );
  }
  if (has(scenario, "undecided") && writer.wire.length > 0) {
    steps.push(
      step("its condition is met, and it is left undecided", (after) => {
        after.undecided = after.wire;
        after.wire = [];
      }),
    );
  }
  if (writer.undecided.length > 0) {
    const decided = (landed: readonly BaseKey[]) => (after: Writer, world: World) => {
      after.undecided = [];
      for (const key of landed) land(scenario, world, after, key, version);
    };
    steps.push(step("a serial read decides it: written", decided(writer.undecided)));
    steps.push(step("a serial read decides it: not written", decided([])));
  }
  return steps;
}

function land(scenario: Scenario, world: World, writer: Writer, key: BaseKey, version: number): void {
  writer.landed = [...writer.landed, key];
  world.leading = raised(world.leading, key, version);
  if (has(scenario, "lag")) writer.behind = [...writer.behind, key];
  else world.lagging = raised(world.lagging, key, version);
}

const without = (keys: readonly BaseKey[], key: BaseKey): readonly BaseKey[] => keys.filter((k) => k !== key);

const raised = (versions: World["leading"], key: BaseKey, version: number): World["leading"] => ({
  ...versions,
  [key]: Math.max(versions[key], version),
});
