import type { Instant } from "../../src/protocol/instant.ts";
import { sequence } from "../../src/protocol/position.ts";
import type { Window, WindowKind } from "../../src/protocol/windows.ts";
import type { Step } from "./check.ts";
import {
  createFront,
  EPOCH,
  effectsOf,
  has,
  keepProven,
  NOW,
  type Scenario,
  tickRecord,
  type World,
  writerAt,
} from "./coherence-world.ts";
import { isSettled } from "./coherence-writers.ts";
import type { Core } from "./core.ts";

const LONG_AGO: Instant = Object.freeze({ monotonicMs: -1e15, wallMs: -1e15 });

/** What can happen between the log and the frontend, and to the frontend's windows. */
export function frontendSteps(core: Core, scenario: Scenario, world: World): Step<World>[] {
  return [
    ...hearing(core, scenario, world),
    ...filling(core, scenario, world),
    ...ending(core, scenario, world),
    ...once(core, scenario, world),
  ];
}

/** Another message is stored, which shows a gap before it; the process of the frontend is started anew. */
function once(core: Core, scenario: Scenario, { spent }: World): Step<World>[] {
  const steps: Step<World>[] = [];
  if (has(scenario, "tick") && !spent.includes("tick")) {
    steps.push({
      label: "a tick is stored",
      run: (after) => {
        after.spent.push("tick");
        after.log.push(tickRecord(after.log.length + 1));
      },
    });
  }
  if (has(scenario, "restart") && !spent.includes("restart")) {
    steps.push({
      label: "THE FRONTEND IS STARTED ANEW",
      run: (after) => {
        after.spent.push("restart");
        after.front = createFront(core, scenario);
        after.entries.clear();
        after.loads.length = 0;
        after.quarantined = [];
        after.heard = after.log.length;
        core.follow.onConnected(after.front, NOW, effectsOf(core, after));
        keepProven(after);
      },
    });
  }
  return steps;
}

function hearing(core: Core, scenario: Scenario, world: World): Step<World>[] {
  const record = world.log[world.heard];
  if (record === undefined) return [];
  const said = `${record.sequence} (${record.code})`;
  const hears = {
    label: `frontend hears ${said}`,
    run: (after: World) => {
      after.heard++;
      core.follow.onRecord(after.front, record, NOW, effectsOf(core, after));
      keepProven(after);
    },
  };
  const mayLose = (has(scenario, "lost-record") || has(scenario, "lost-log")) && !world.spent.includes("record");
  if (!mayLose) return [hears];
  const loses = {
    label: `${said} is lost on the way`,
    run: (after: World) => {
      after.heard++;
      after.spent.push("record");
    },
  };
  return [hears, loses];
}

/** The log answers the read that fills a gap; or it no longer holds what was lost. */
function filling(core: Core, scenario: Scenario, world: World): Step<World>[] {
  const { pending } = world;
  if (pending === undefined) return [];
  const last = sequence(world.log.length);
  const answered = (label: string, first: number, from: number = pending.from): Step<World> => ({
    label,
    run: (after) => {
      after.pending = undefined;
      const records = after.log.filter((r) => r.sequence >= Math.max(first, from));
      const slice = { epoch: EPOCH, first: sequence(first), last, records };
      core.follow.onSlice(after.front, pending.readId, slice, NOW, effectsOf(core, after));
      keepProven(after);
    },
  });
  const steps: Step<World>[] = [];
  if (has(scenario, "lost-record") || has(scenario, "restart")) steps.push(answered("the log is read", 1));
  if (has(scenario, "lost-log")) steps.push(answered("the log is read: it no longer holds what was lost", last + 1));
  const isOld = world.writers.every((writer) => writer.state === undefined || isSettled(scenario, writer));
  if (world.front.feed.cold && isOld) steps.push(answered("the log is read: all it holds is old", 1, last + 1));
  return steps;
}

/** The oldest window of each kind ends: all of a kind last equally long. */
function ending(core: Core, scenario: Scenario, world: World): Step<World>[] {
  return (["fence", "settle", "quarantine"] as const).flatMap((kind) => {
    const [window] = world.front.windows.open[kind].values();
    if (window === undefined || !mayEnd(scenario, world, window)) return [];
    return [
      { label: `the ${kind} window of ${window.id} ends`, run: (after: World) => end(core, after, kind, window.id) },
    ];
  });
}

function mayEnd(scenario: Scenario, world: World, window: Window): boolean {
  if (scenario.endsAnyTime) return true;
  const writers = window.all ? world.quarantined : [Number(window.id.slice(1).split(".")[0]) - 1];
  return writers.every((at) => isSettled(scenario, writerAt(world, at)));
}

function end(core: Core, world: World, kind: WindowKind, id: string): void {
  const { windows } = world.front;
  const window = windows.open[kind].get(id);
  if (window === undefined) throw new Error(`no window ${id}`);
  windows.open[kind].set(id, { ...window, openedAt: LONG_AGO });
  windows.nextEndMs = LONG_AGO.monotonicMs;
  if (window.all) world.quarantined = [];
  core.frontend.advance(world.front, NOW, effectsOf(core, world));
}
