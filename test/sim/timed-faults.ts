import { type Chance, delay, oneIn } from "./chance.ts";
import { type TimedFault, timedAmong } from "./faults.ts";
import type { Life } from "./life.ts";
import type { Node } from "./node.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";

const MOST = 6;

/** Plans some of the timed faults that this schedule has: half of them while something is being written. Each has a track of its own. */
export function planFaults(sim: Simulation, writeTimes: readonly number[]): void {
  const { tracks, agenda, faults } = sim.world;
  const timed = timedAmong(faults);
  for (let i = 0; i < MOST && timed.length > 0; i++) {
    const chance = tracks.of(`fault ${i}`);
    if (!oneIn(chance, 2)) continue;
    const fault = timed[chance.int(timed.length)];
    const node = sim.nodes[chance.int(sim.nodes.length)];
    const writeMs = writeTimes[chance.int(Math.max(1, writeTimes.length))] ?? 0;
    const atMs = oneIn(chance, 2) ? chance.int(TIMES.busyMs) : writeMs + chance.int(60);
    if (fault !== undefined && node !== undefined) agenda.after(atMs, () => strike(sim, fault, node, chance));
  }
}

function strike(sim: Simulation, fault: TimedFault, node: Node, chance: Chance): void {
  const { world } = sim;
  if (world.isHealed || node.life === undefined) return;
  if (STRIKES[fault](sim, { node, life: node.life }, chance)) world.count(fault);
}

/** How long a fault lasts. */
const lasting = (chance: Chance): number => 1 + chance.int(2_500);

interface Struck {
  readonly node: Node;
  readonly life: Life;
}

/** Returns whether it changed anything: a cut of what is cut already does not. */
type Strike = (sim: Simulation, struck: Struck, chance: Chance) => boolean;

const STRIKES: Readonly<Record<TimedFault, Strike>> = {
  cut: (_sim, { life }) => life.link.cut(),
  "half-open": (_sim, { life }) => life.link.halfOpen(),
  "server restart": ({ server }, _struck, chance) => server.restart(lasting(chance)),
  election: ({ server }, _struck, chance) => server.elect(lasting(chance)),
  isolation: (sim, { life: { link } }, chance) => {
    const hasStruck = sim.server.isolate(link);
    if (hasStruck) sim.agenda.after(lasting(chance), () => sim.server.reunite(link));
    return hasStruck;
  },
  "slow log": ({ world }, _struck, chance) => {
    world.say("log", "IS SLOW");
    world.slowness = 1 + chance.int(10);
    world.agenda.after(lasting(chance), () => {
      world.slowness = 1;
    });
    return world.slowness > 1;
  },
  "re-creation": ({ server }) => {
    server.recreate();
    return true;
  },
  rewind: (sim, _struck, chance) => {
    const hasLost = rewind(sim, 1 + chance.int(6));
    if (hasLost) sim.server.restart(delay(chance, 300));
    return hasLost;
  },
  "quiet rewind": (sim, _struck, chance) => rewind(sim, 1 + chance.int(3)),
  purge: ({ server }, _struck, chance) => server.purge(server.last - chance.int(4)),
  junk: ({ server }, _struck, chance) => {
    server.junk(oneIn(chance, 2) ? "junk" : '{"kind":"keys","v":2}');
    return true;
  },
  pause: (sim, { node }, chance) => standStill(sim, node, lasting(chance), false),
  sleep: (sim, { node }, chance) => standStill(sim, node, lasting(chance), true),
  "wall clock set forward": (sim, { node }, chance) => shift(sim, node, lasting(chance)),
  "wall clock set back": (sim, { node }, chance) => shift(sim, node, -lasting(chance)),
  crash: (sim, { node }, chance) => {
    node.crash();
    sim.agenda.after(lasting(chance), () => {
      if (node.life === undefined) sim.start(node);
    });
    return true;
  },
};

function rewind({ excuses, server }: Simulation, by: number): boolean {
  const rewound = server.rewind(by);
  if (rewound !== undefined) excuses.rewound(rewound);
  return rewound !== undefined;
}

function standStill({ world }: Simulation, node: Node, forMs: number, isAsleep: boolean): boolean {
  const hasStruck = node.process.standStill(forMs, isAsleep);
  if (hasStruck) world.say(node.name, `${isAsleep ? "SLEEPS" : "STANDS STILL"} for ${forMs} ms`);
  return hasStruck;
}

function shift({ world }: Simulation, node: Node, byMs: number): boolean {
  world.say(node.name, `HAS ITS WALL CLOCK SET BY ${byMs} ms`);
  node.process.shiftWall(byMs);
  return true;
}
