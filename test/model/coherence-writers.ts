import type { Instant } from "../../src/protocol/instant.ts";
import { sequence } from "../../src/protocol/position.ts";
import type { WriteEvent, WriteRules } from "../../src/protocol/write.ts";
import { databaseSteps } from "./coherence-database.ts";
import {
  append,
  appendAgain,
  EPOCH,
  type MessageKind,
  type MessageName,
  messagesOf,
  writeAt,
} from "./coherence-log.ts";
import { has, type Scenario, type WriteOf } from "./coherence-scenario.ts";
import type { Move } from "./coherence-steps.ts";
import { NOW, type World, type Writer, writerAt } from "./coherence-world.ts";
import type { Core } from "./core.ts";

const RULES: WriteRules = { fenceMs: 30_000, databaseDeadlineMs: 10_000, onLogDown: "fail" };
/** Later than any fence. */
const MUCH_LATER: Instant = Object.freeze({ monotonicMs: 1e15, wallMs: 1e15 });

/** What can happen to the writes: each is `stepWrite`, and the log and the database do with it what they like. */
export function writerSteps(core: Core, scenario: Scenario, world: World): Move[] {
  return world.writers.flatMap((writer, at) => {
    if (scenario.inTurn && at > 0 && writerAt(world, at - 1).state?.phase !== "answered") return [];
    const tools = toolsOf(core, scenario, at);
    return [
      ...phaseSteps(core, scenario, writer, tools),
      ...databaseSteps(scenario, writer, at),
      ...laterSteps(scenario, world, writer, tools),
    ];
  });
}

interface Tools {
  step(label: string, run: (writer: Writer, world: World) => void): Move;
  happens(world: World, event: WriteEvent, now?: Instant): void;
  append(world: World, name: MessageName): void;
  appendAgain(world: World, name: MessageName): void;
  messages(kind: MessageKind): readonly MessageName[];
  readonly keys: WriteOf["keys"];
}

function toolsOf(core: Core, scenario: Scenario, at: number): Tools {
  const of = writeAt(scenario, at);
  const happens = (world: World, event: WriteEvent, now = NOW): void => {
    const writer = writerAt(world, at);
    const { state, effects } = core.write.stepWrite(writer.state ?? core.write.beginWrite(NOW), event, now, RULES);
    writer.state = state;
    for (const effect of effects) {
      if (effect.type === "write-database") writer.wire = of.keys;
      if (effect.type === "keep-publishing") writer.owed = [...writer.owed, ...messagesOf(effect.kind, of)];
    }
  };
  return {
    step: (label, run) => ({
      label: `write ${at + 1}: ${label}`,
      side: "outside",
      run: (world) => run(writerAt(world, at), world),
    }),
    happens,
    append: (world, name) => append(core, scenario, world, at, name),
    appendAgain: (world, name) => appendAgain(core, scenario, world, at, name),
    messages: (kind) => messagesOf(kind, of),
    keys: of.keys,
  };
}

function phaseSteps(core: Core, scenario: Scenario, writer: Writer, tools: Tools): Move[] {
  const phase = writer.state?.phase;
  if (writer.crashed) return [];
  if (phase === undefined || phase === "fencing") return publishing(core, scenario, writer, tools, "fence");
  if (phase === "writing" || phase === "writing-unannounced") return writingSteps(scenario, writer, tools);
  return phase === "announcing" ? publishing(core, scenario, writer, tools, "keys") : [];
}

/** The messages of one kind, in any order; the last acknowledgement moves the write on. */
function publishing(core: Core, scenario: Scenario, writer: Writer, tools: Tools, kind: "fence" | "keys"): Move[] {
  const { step, happens, append, messages } = tools;
  if (writer.standsStill) return [goingOn(tools)];
  const missing = messages(kind).filter((name) => !writer.stored.includes(name));
  const stored = (label: string, run: (world: World, after: Writer) => void): Move[] =>
    missing.map((name) =>
      step(`its ${name} is stored${label}`, (after, world) => {
        after.state ??= core.write.beginWrite(NOW);
        append(world, name);
        run(world, after);
      }),
    );
  const steps = stored(" and acknowledged", (world) => {
    if (missing.length === 1) happens(world, ackedEvent(kind, world));
  });
  if (has(scenario, "ack-lost")) {
    steps.push(...stored(", the acknowledgement is lost", (world) => happens(world, failedEvent(kind, true))));
    steps.push(step(`its ${kind} cannot be stored`, (_writer, world) => happens(world, failedEvent(kind, false))));
  }
  if (!has(scenario, "paused") || kind === "keys" || missing.length > 1) return steps;
  const standsStill = stored(", and it stands still", (_world, after) => {
    after.standsStill = true;
  });
  return [...steps, ...standsStill];
}

const goingOn = ({ step, happens }: Tools): Move =>
  step("it goes on, with a fence that has ended", (after, world) => {
    after.standsStill = false;
    happens(world, { type: "fence-acked" }, MUCH_LATER);
  });

const failedEvent = (kind: "fence" | "keys", maybeStored: boolean): WriteEvent =>
  kind === "fence" ? { type: "fence-failed", maybeStored } : { type: "keys-failed" };

const ackedEvent = (kind: "fence" | "keys", { log }: World): WriteEvent =>
  kind === "fence"
    ? { type: "fence-acked" }
    : { type: "keys-acked", position: { epoch: EPOCH, sequence: sequence(log.length) } };

function writingSteps(scenario: Scenario, writer: Writer, { step, happens, keys }: Tools): Move[] {
  const steps: Move[] = [];
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

/** What is owed is published at last; the writer crashes; the log stores a message twice. */
function laterSteps(scenario: Scenario, world: World, writer: Writer, tools: Tools): Move[] {
  const steps: Move[] = writer.owed.map((name) =>
    tools.step(`its ${name} is announced at last`, (after, w) => {
      after.owed = after.owed.filter((n) => n !== name);
      tools.append(w, name);
    }),
  );
  if (has(scenario, "crash") && isUnderWay(writer)) steps.push(...crashing(scenario, writer, tools));
  const mayStoreAgain = has(scenario, "stored-again") && !world.spent.includes("again");
  if (!mayStoreAgain || writer.state?.phase !== "answered") return steps;
  for (const name of writer.stored) {
    steps.push(
      tools.step(`its ${name} is stored again, long after`, (_writer, w) => {
        w.spent = [...w.spent, "again"];
        tools.appendAgain(w, name);
      }),
    );
  }
  return steps;
}

function crashing(scenario: Scenario, writer: Writer, { step, keys }: Tools): Move[] {
  const steps = [step("CRASH", crash)];
  if (has(scenario, "lost-write") || writer.wire.length < keys.length) return steps;
  steps.push(
    step("CRASH before it writes", (after) => {
      crash(after);
      after.wire = [];
    }),
  );
  return steps;
}

const isUnderWay = ({ state, owed, crashed }: Writer): boolean =>
  state !== undefined && !crashed && (state.phase !== "answered" || owed.length > 0);

function crash(writer: Writer): void {
  writer.crashed = true;
  writer.owed = [];
  writer.state = { phase: "answered" };
}

/** The write can land no more, and in weak mode every replica has it: now its windows may end. */
export function isSettled({ weak }: Scenario, writer: Writer): boolean {
  const isFencing = writer.state?.phase === "fencing" && !writer.standsStill; // it may yet write
  return !isFencing && writer.wire.length === 0 && (!weak || writer.behind.length === 0);
}
