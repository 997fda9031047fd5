import type { Effects, FrontendState } from "../../src/protocol/frontend.ts";
import { sequence } from "../../src/protocol/position.ts";
import type { Step } from "./check.ts";
import { EPOCH, SPEC, tickRecord } from "./coherence-log.ts";
import type { Side } from "./coherence-parts.ts";
import type { Scenario } from "./coherence-scenario.ts";
import { NOW, type World } from "./coherence-world.ts";
import type { Core } from "./core.ts";

/** A step of the coherence model: what it changes, and how. */
export interface Move extends Step {
  readonly side: Side;
  run(after: World): void;
}

export const inMemory = (label: string, run: (after: World) => void): Move => ({ label, side: "memory", run });

export function createFront(core: Core, { weak }: Scenario): FrontendState {
  const settings = core.settings.protocolSettings({ partitionSlots: 4 });
  return core.frontend.createFrontend({ settings, spec: SPEC, tables: ["t"], weak: weak === true });
}

/** A frontend that has read the log back, and found nothing but ticks. */
export function createWorld(core: Core, scenario: Scenario): World {
  const world: World = {
    front: createFront(core, scenario),
    log: [tickRecord(1), tickRecord(2)],
    writers: scenario.writes.map(() => ({
      state: undefined,
      crashed: false,
      standsStill: false,
      wire: [],
      landed: [],
      behind: [],
      undecided: [],
      written: false,
      doneAt: 0,
      stored: [],
      owed: [],
    })),
    leading: { k1: 0, k2: 0 },
    lagging: { k1: 0, k2: 0 },
    heard: 2,
    late: undefined,
    pending: undefined,
    quarantined: [],
    entries: new Map(),
    loads: [],
    suspect: undefined,
    spent: [],
    broken: undefined,
    prints: { outside: undefined, following: undefined, memory: undefined },
  };
  const effects = effectsOf(core, world);
  core.follow.onConnected(world.front, NOW, effects);
  const extent = { epoch: EPOCH, first: sequence(1), last: sequence(2) };
  core.follow.onSlice(world.front, world.front.feed.read, { ...extent, records: world.log.slice(1) }, NOW, effects);
  world.pending = undefined;
  keepProven(world);
  return world;
}

/** Does what the frontend asks of its surroundings, as the engine does. */
export function effectsOf(core: Core, world: World): Effects {
  return {
    evict: (key) => dropEntry(core, world, key),
    read: (readId, from) => {
      // The first two records of the log are too old for a cold start to ask for: they show that the log reaches back.
      world.pending = { readId, from: "sequence" in from ? from.sequence : sequence(3) };
    },
    changed: ({ what }) => {
      if (what !== "flush") return;
      const begun = world.writers.flatMap((writer, i) => (writer.state === undefined ? [] : [i]));
      world.quarantined = [...new Set([...world.quarantined, ...begun])].sort();
    },
  };
}

/** An entry that goes lets go of its copy, whatever the reason. */
export function dropEntry(core: Core, world: World, key: string): void {
  for (const [name, { copy }] of world.entries) {
    if (name !== key) continue;
    world.entries.delete(name);
    core.coherence.releaseCopy(world.front.coherence, copy);
  }
}

/** A proof may come at any moment; without one, loads would be strong, which hides more than it shows. */
export function keepProven({ front }: World): void {
  front.proof.provenAt = NOW;
}
