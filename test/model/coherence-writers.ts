import { sequence } from "../../src/protocol/position.ts";
import type { WriteEvent, WriteRules } from "../../src/protocol/write.ts";
import type { Step } from "./check.ts";
import {
  append,
  EPOCH,
  has,
  NOW,
  type Scenario,
  timestampOf,
  type World,
  type Writer,
  writerAt,
} from "./coherence-world.ts";
import type { Core } from "./core.ts";

const RULES: WriteRules = { fenceMs: 30_000, databaseDeadlineMs: 10_000, onLogDown: "fail" };

/** What can happen to the writes: each is `stepWrite`, and the log and the database do with it what they like. */
export function writerSteps(core: Core, scenario: Scenario, world: World): Step<World>[] {
  return world.writers.flatMap((writer, at) => {
    const tools = toolsOf(core, scenario, at);
    return [
      ...phaseSteps(scenario, writer, tools),
      ...databaseSteps(scenario, writer, tools),
      ...laterSteps(scenario, world, writer, tools),
    ];
  });
}

interface Tools {
  step(label: string, run: (writer: Writer, world: World) => void): Step<World>;
  happens(world: World, event: WriteEvent): void;
  append(world: World, kind: "fence" | "keys" | "touch"): void;
  readonly keys: readonly string[];
  readonly version: number;
}

function toolsOf(core: Core, scenario: Scenario, at: number): Tools {
  const keys = scenario.writes[at]?.keys ?? [];
  const happens = (world: World, event: WriteEvent): void => {
    const writer = writerAt(world, at);
    const { state, effects } = core.write.stepWrite(writer.state ?? core.write.beginWrite(NOW), event, NOW, RULES);
    writer.state = state;
    for (const effect of effects) {
      if (effect.type === "write-database") writer.wire = [...keys];
      if (effect.type === "keep-publishing") writer.owed.push(effect.kind);
    }
  };
  return {
    step: (label, run) => ({
      label: `write ${at + 1}: ${label}`,
      run: (world) => run(writerAt(world, at), world),
    }),
    happens,
    append: (world, kind) => append(core, scenario, world, at, kind),
    keys,
    version: timestampOf(at),
  };
}

function phaseSteps(scenario: Scenario, writer: Writer, tools: Tools): Step<World>[] {
  const { step, happens, append } = tools;
  const phase = writer.state?.phase;
  if (writer.crashed) return [];
  if (phase === undefined) return fencingSteps(scenario, tools);
  if (phase === "writing") return writingSteps(scenario, writer, tools);
  if (phase !== "announcing") return [];
  const announced = step("its keys are stored and acknowledged", (_writer, world) => {
    append(world, "keys");
    happens(world, { type: "keys-acked", position: { epoch: EPOCH, sequence: sequence(world.log.length) } });
  });
  const steps = [announced];
  if (has(scenario, "ack-lost")) {
    steps.push(
      step("its keys are stored, the acknowledgement is lost", (_writer, world) => {
        append(world, "keys");
        happens(world, { type: "keys-failed" });
      }),
      step("its keys cannot be stored now", (_writer, world) => happens(world, { type: "keys-failed" })),
    );
  }
  return steps;
}

function fencingSteps(scenario: Scenario, { step, happens, append }: Tools): Step<World>[] {
  const fenced = step("its fence is stored and acknowledged", (_writer, world) => {
    append(world, "fence");
    happens(world, { type: "fence-acked" });
  });
  if (!has(scenario, "ack-lost")) return [fenced];
  const failed = step("its fence is stored, the acknowledgement is lost: nothing is written", (_writer, world) => {
    append(world, "fence");
    happens(world, { type: "fence-failed", maybeStored: true });
  });
  return [fenced, failed];
}

function writingSteps(scenario: Scenario, writer: Writer, { step, happens, keys }: Tools): Step<World>[] {
  const steps: Step<World>[] = [];
  if (writer.landed.length === keys.length) {
    steps.push(
      step("the database says written", (after, world) => {
        after.written = true;
        happens(world, { type: "written", applied: true });
      }),
    );
  } else if (has(scenario, "refused") && writer.wire.length === keys.length) {
    steps.push(
      step("the database refuses it", (after, world) => {
        after.wire = [];
        happens(world, { type: "write-refused" });
      }),
    );
  }
  if (has(scenario, "timeout")) {
    steps.push(
      step("the database does not answer: unknown", (_writer, world) => happens(world, { type: "write-unknown" })),
    );
  }
  return steps;
}

/** What is on the wire lands, or is lost; what has landed reaches the other replica later. */
function databaseSteps(scenario: Scenario, writer: Writer, { step, version }: Tools): Step<World>[] {
  const landing = writer.wire.map((key) =>
    step(`${key} lands`, (after, world) => {
      after.wire = after.wire.filter((k) => k !== key);
      after.landed.push(key);
      world.leading[key] = Math.max(world.leading[key] ?? 0, version);
      if (has(scenario, "lag")) after.behind.push(key);
      else world.lagging[key] = Math.max(world.lagging[key] ?? 0, version);
    }),
  );
  const catchingUp = writer.behind.map((key) =>
    step(`${key} reaches the lagging replica`, (after, world) => {
      after.behind = after.behind.filter((k) => k !== key);
      world.lagging[key] = Math.max(world.lagging[key] ?? 0, version);
    }),
  );
  const lost = has(scenario, "lost-write") && writer.wire.length > 0;
  return [...landing, ...catchingUp, ...(lost ? [step("what is on the wire is lost", loseWire)] : [])];
}

function laterSteps(scenario: Scenario, world: World, writer: Writer, { step, append, keys }: Tools): Step<World>[] {
  const steps: Step<World>[] = [];
  const [owed] = writer.owed;
  if (owed !== undefined) {
    steps.push(
      step(`its ${owed} are announced at last`, (after, w) => {
        after.owed.shift();
        append(w, owed);
      }),
    );
  }
  const isUnderWay = writer.state !== undefined && (writer.state.phase !== "answered" || owed !== undefined);
  if (has(scenario, "crash") && isUnderWay && !writer.crashed) {
    steps.push(step("CRASH", crash));
    if (!has(scenario, "lost-write") && writer.wire.length === keys.length) {
      steps.push(
        step("CRASH before it writes", (after) => {
          crash(after);
          after.wire = [];
        }),
      );
    }
  }
  if (has(scenario, "stored-again") && !world.spent.includes("again")) {
    for (const kind of ["fence", "keys"] as const) {
      if (!writer.stored.includes(kind) || writer.state?.phase !== "answered") continue;
      steps.push(
        step(`its ${kind} are stored again, long after`, (after, w) => {
          w.spent.push("again");
          after.stored = after.stored.filter((s) => s !== kind);
          append(w, kind);
        }),
      );
    }
  }
  return steps;
}

function loseWire(writer: Writer): void {
  writer.wire = [];
}

function crash(writer: Writer): void {
  writer.crashed = true;
  writer.owed = [];
  writer.state = { phase: "answered" };
}

/** The write can land no more, and in weak mode every replica has it: now its windows may end. */
export function isSettled({ weak }: Scenario, writer: Writer): boolean {
  return writer.wire.length === 0 && (!weak || writer.behind.length === 0);
}
