import type { FeedRecord } from "../../src/protocol/follow.ts";
import type { Core } from "./core.ts";
import type { Change } from "./currency-steps.ts";
import {
  type CurrencyFault,
  type CurrencyScenario,
  effectsOf,
  has,
  headOf,
  now,
  sliceOf,
  type World,
  wordOf,
} from "./currency-world.ts";

/** What the frontend hears of the log, while it is connected. */
export function hearing(core: Core, scenario: CurrencyScenario, world: World): Change[] {
  const steps: Change[] = [];
  const [record] = world.net;
  if (record !== undefined) steps.push(...arriving(core, scenario, world, record));
  const { late } = world;
  if (late !== undefined) {
    steps.push({
      label: `frontend hears ${wordOf(late)} late`,
      run: (after) => {
        after.late = undefined;
        core.follow.onRecord(after.front, late, now(after), effectsOf(after));
      },
    });
  }
  if (!world.front.feed.connected) {
    steps.push({ label: "frontend is connected again", run: (after) => reconnect(core, after) });
  } else if (has(scenario, "disconnect") && !world.spent.includes("disconnect")) {
    steps.push({
      label: "frontend is disconnected",
      run: (after) => {
        after.spent.push("disconnect");
        disconnect(core, after);
      },
    });
  }
  return steps;
}

/** The next record on its way is heard; or it is lost, overtaken, or comes twice. */
function arriving(core: Core, scenario: CurrencyScenario, { spent }: World, record: FeedRecord): Change[] {
  const passes = (label: string, run: (after: World) => void): Change => ({
    label: `${wordOf(record)} ${label}`,
    run: (after) => {
      after.net.shift();
      run(after);
    },
  });
  const hear = (after: World): void => core.follow.onRecord(after.front, record, now(after), effectsOf(after));
  const steps = [passes("is heard", hear)];
  const fault = (of: CurrencyFault, most: number, label: string, run: (after: World) => void): void => {
    if (!has(scenario, of) || spent.filter((s) => s === of).length >= most) return;
    const step = passes(label, (after) => {
      after.spent.push(of);
      run(after);
    });
    steps.push(step);
  };
  fault("lost-record", scenario.maxLost ?? 2, "is lost on the way", () => {});
  fault("heard-late", 1, "is overtaken on the way", (after) => {
    after.late = record;
  });
  fault("heard-twice", 1, "is heard, and will be again", (after) => {
    hear(after);
    after.late = record;
  });
  return steps;
}

export function disconnect(core: Core, world: World): void {
  world.net.length = 0;
  world.late = undefined;
  world.pending = undefined;
  core.follow.onDisconnected(world.front);
}

export function reconnect(core: Core, world: World): void {
  core.follow.onConnected(world.front, now(world), effectsOf(world));
}

/** A read is answered with what the log held at one moment, and the answer may arrive later. */
export function reading(core: Core, scenario: CurrencyScenario, { pending, log }: World): Change[] {
  if (pending === undefined) return [];
  const arrives = (after: World, slice: ReturnType<typeof sliceOf>): void => {
    after.pending = undefined;
    core.follow.onSlice(after.front, pending.readId, slice, now(after), effectsOf(after));
  };
  const { slice } = pending;
  if (slice !== undefined) return [{ label: "the answer arrives", run: (after) => arrives(after, slice) }];
  if (!has(scenario, "late-answer")) {
    return [{ label: "the log is read", run: (after) => arrives(after, sliceOf(after.log, pending.from)) }];
  }
  return [
    {
      label: `the log answers, up to ${headOf(log).sequence}`,
      run: (after) => {
        after.pending = { ...pending, slice: sliceOf(after.log, pending.from) };
      },
    },
  ];
}
