import type { Instant } from "../../src/protocol/instant.ts";
import { type Sequence, sequence } from "../../src/protocol/position.ts";
import type { Window, WindowKind } from "../../src/protocol/windows.ts";
import { EPOCH, tickRecord } from "./coherence-log.ts";
import { type Fault, has, type Scenario } from "./coherence-scenario.ts";
import { createFront, effectsOf, keepProven, type Move } from "./coherence-steps.ts";
import { NOW, type World, writerAt } from "./coherence-world.ts";
import { isSettled } from "./coherence-writers.ts";
import type { Core } from "./core.ts";

const LONG_AGO: Instant = Object.freeze({ monotonicMs: -1e15, wallMs: -1e15 });

/** What can happen between the log and the frontend, and to the frontend's windows. */
export function frontendSteps(core: Core, scenario: Scenario, world: World): Move[] {
  return [
    ...hearing(core, scenario, world),
    ...hearingLate(core, world),
    ...filling(core, scenario, world),
    ...ending(core, scenario, world),
    ...once(core, scenario, world),
  ];
}

const mayStill = (scenario: Scenario, { spent }: World, fault: Fault): boolean =>
  has(scenario, fault) && !spent.includes(fault);

/** Another message is stored, which shows a gap before it; the process of the frontend is started anew. */
function once(core: Core, scenario: Scenario, world: World): Move[] {
  const steps: Move[] = [];
  if (mayStill(scenario, world, "tick")) {
    steps.push({
      label: "a tick is stored",
      side: "outside",
      run: (after) => {
        after.spent = [...after.spent, "tick"];
        after.log = [...after.log, tickRecord(after.log.length + 1)];
      },
    });
  }
  if (mayStill(scenario, world, "restart")) {
    steps.push({
      label: "THE FRONTEND IS STARTED ANEW",
      side: "frontend",
      run: (after) => restart(core, scenario, after),
    });
  }
  return steps;
}

function restart(core: Core, scenario: Scenario, after: World): void {
  after.spent = [...after.spent, "restart"];
  after.front = createFront(core, scenario);
  after.entries.clear();
  after.loads.length = 0;
  after.suspect = undefined;
  after.quarantined = [];
  after.heard = after.log.length;
  after.late = undefined;
  core.follow.onConnected(after.front, NOW, effectsOf(core, after));
  keepProven(after);
}

function hearing(core: Core, scenario: Scenario, world: World): Move[] {
  const record = world.log[world.heard];
  if (record === undefined) return [];
  const said = `${record.sequence} (${record.code})`;
  const passes = (label: string, run: (after: World) => void): Move => ({
    label,
    side: "frontend",
    run: (after) => {
      after.heard++;
      run(after);
    },
  });
  const steps = [passes(`frontend hears ${said}`, (after) => hear(core, after, record.sequence))];
  if ((has(scenario, "lost-record") || has(scenario, "lost-log")) && !world.spent.includes("record")) {
    const lost = passes(`${said} is lost on the way`, (after) => {
      after.spent = [...after.spent, "record"];
    });
    steps.push(lost);
  }
  if (world.late !== undefined) return steps;
  if (mayStill(scenario, world, "heard-late")) {
    const overtaken = passes(`${said} is overtaken on the way`, (after) => {
      after.spent = [...after.spent, "heard-late"];
      after.late = record.sequence;
    });
    steps.push(overtaken);
  }
  if (mayStill(scenario, world, "heard-twice")) {
    const twice = passes(`frontend hears ${said}, and will again`, (after) => {
      after.spent = [...after.spent, "heard-twice"];
      hear(core, after, record.sequence);
      after.late = record.sequence;
    });
    steps.push(twice);
  }
  return steps;
}

/** One connection delivers a record late, or a second time. */
function hearingLate(core: Core, { late, log }: World): Move[] {
  if (late === undefined) return [];
  const step: Move = {
    label: `frontend hears ${late} (${log[late - 1]?.code}) late`,
    side: "frontend",
    run: (after) => {
      after.late = undefined;
      hear(core, after, late);
    },
  };
  return [step];
}

function hear(core: Core, after: World, at: Sequence): void {
  const record = after.log[at - 1];
  if (record === undefined) throw new Error(`no record ${at}`);
  core.follow.onRecord(after.front, record, NOW, effectsOf(core, after));
  keepProven(after);
}

/** The log answers the read that fills a gap; or it no longer holds what was lost. */
function filling(core: Core, scenario: Scenario, world: World): Move[] {
  const { pending } = world;
  if (pending === undefined) return [];
  const last = sequence(world.log.length);
  const answered = (label: string, first: number, from: number = pending.from): Move => ({
    label,
    side: "frontend",
    run: (after) => {
      after.pending = undefined;
      const records = after.log.filter((r) => r.sequence >= Math.max(first, from));
      const slice = { epoch: EPOCH, first: sequence(first), last, records };
      core.follow.onSlice(after.front, pending.readId, slice, NOW, effectsOf(core, after));
      keepProven(after);
    },
  });
  const steps: Move[] = [];
  const isWhole = (["lost-record", "restart", "heard-late"] as const).some((fault) => has(scenario, fault));
  if (isWhole) steps.push(answered("the log is read", 1));
  if (has(scenario, "lost-log")) steps.push(answered("the log is read: it no longer holds what was lost", last + 1));
  if (has(scenario, "lost-log") && world.front.feed.cold && last > 3)
    steps.push(answered("the log is read: it no longer holds the first of it", 4));
  const isOld = world.writers.every((writer) => writer.state === undefined || isSettled(scenario, writer));
  if (world.front.feed.cold && isOld) steps.push(answered("the log is read: all it holds is old", 1, last + 1));
  return steps;
}

/** The oldest window of each kind ends: all of a kind last equally long. */
function ending(core: Core, scenario: Scenario, world: World): Move[] {
  return (["fence", "settle", "quarantine"] as const).flatMap((kind) => {
    const [window] = world.front.windows.open[kind].values();
    if (window === undefined || !mayEnd(scenario, world, window)) return [];
    const step: Move = {
      label: `the ${kind} window of ${window.id} ends`,
      side: "frontend",
      run: (after) => end(core, after, kind, window),
    };
    return [step];
  });
}

function mayEnd(scenario: Scenario, world: World, window: Window): boolean {
  if (scenario.endsAnyTime) return true;
  const writers = window.all ? world.quarantined : [Number(window.id.slice(1).split(".")[0]) - 1];
  return writers.every((at) => isSettled(scenario, writerAt(world, at)));
}

function end(core: Core, world: World, kind: WindowKind, window: Window): void {
  const { windows } = world.front;
  windows.open[kind].set(window.id, { ...window, openedAt: LONG_AGO });
  windows.nextEndMs = LONG_AGO.monotonicMs;
  if (window.all) world.quarantined = [];
  core.frontend.advance(world.front, NOW, effectsOf(core, world));
}
