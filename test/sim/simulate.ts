import { Agenda } from "./agenda.ts";
import { checkLosses, checkMemory, checkWriters } from "./at-rest.ts";
import type { Broken } from "./broken.ts";
import { type Chance, oneIn, pick, type Tracks } from "./chance.ts";
import { planClients } from "./clients.ts";
import { checkClosed } from "./closing.ts";
import { deploy, type Limits } from "./deployment.ts";
import type { Engine } from "./engine.ts";
import { type Fault, someFaults } from "./faults.ts";
import { type Habits, someHabits } from "./habits.ts";
import { checkHits } from "./hits.ts";
import { comeToRest } from "./rest.ts";
import { Simulation } from "./simulation.ts";
import { createTally, type Tally } from "./tally.ts";
import { planFaults } from "./timed-faults.ts";
import { TIMES } from "./times.ts";
import { World } from "./world.ts";

export interface SimulateOptions {
  readonly isTraced?: boolean;
  /** Instead of some by chance. */
  readonly faults?: readonly Fault[];
  readonly habits?: Partial<Habits>;
  readonly limits?: Limits;
  readonly isWeak?: boolean;
  readonly broken?: Broken;
}

/** What came of one schedule. */
export interface Outcome {
  readonly violation: string | undefined;
  readonly virtualMs: number;
  readonly events: number;
  readonly answers: number;
  readonly judged: number;
  readonly hits: number;
  readonly acknowledged: number;
  readonly tally: Tally;
  readonly hash: number;
  readonly trace: readonly string[];
}

/** One schedule of a whole deployment, and whatever chance does to it. The same choices, the same schedule. */
export async function simulate(engine: Engine, tracks: Tracks, options: SimulateOptions = {}): Promise<Outcome> {
  const isWeak = options.isWeak ?? oneIn(tracks.of("mode"), 2);
  const faults = options.faults ? new Set(options.faults) : someFaults(tracks.of("faults"));
  const world = new World(
    { agenda: new Agenda(), tracks, faults, isWeak, broken: options.broken, tally: createTally() },
    options.isTraced === true,
  );
  const habits = { ...someHabits(tracks.of("habits")), ...options.habits };
  const deployment = deploy(tracks.of("deployment"), isWeak, options.limits);
  const sim = new Simulation({ engine, world, deployment, habits });
  world.say("", () => `${isWeak ? "weak" : "strong"} reads; ${[...faults].join(", ") || "no faults"}`);
  world.say("", () => JSON.stringify({ habits, deployment }));
  start(sim);
  planFaults(sim, planClients(sim));
  await sim.agenda.settle();
  const isOver = (): boolean => world.violation !== undefined;
  await sim.agenda.runUntil(TIMES.busyMs, isOver);
  heal(sim);
  for (const check of [comeToRest, checkMemory, checkLosses, checkWriters, checkHits, checkClosed])
    if (!isOver()) await check(sim);
  return outcomeOf(sim);
}

function start(sim: Simulation): void {
  const { world } = sim;
  for (const node of sim.nodes) {
    const chance = world.tracks.of(`skew of ${node.name}`);
    if (world.happens(chance, "skew", 2)) node.process.shiftWall(someSkewMs(world, chance));
    sim.start(node);
  }
}

/** As much as A4 allows; a little less where a clock is set before that is checked. */
function someSkewMs({ faults }: World, chance: Chance): number {
  const isSet = faults.has("wall clock set forward") || faults.has("wall clock set back");
  const mostMs = isSet ? TIMES.clockSkewMs / 2 : TIMES.clockSkewMs;
  return pick(chance, [mostMs, -mostMs, chance.int(4_000) - 2_000]);
}

/** Nothing goes wrong any more, and every process lives. */
function heal(sim: Simulation): void {
  sim.world.isHealed = true;
  sim.world.say("", "NOTHING GOES WRONG ANY MORE");
  sim.server.settle();
  for (const node of sim.nodes) {
    if (node.life === undefined) sim.start(node);
    else sim.server.reunite(node.life.link);
  }
}

function outcomeOf(sim: Simulation): Outcome {
  const { world, agenda, answers, judged, hits, acknowledged } = sim;
  const { violation, tally, trace } = world;
  const { events, hash, nowMs } = agenda;
  return { violation, virtualMs: nowMs, events, answers, judged, hits, acknowledged, tally, hash, trace };
}
