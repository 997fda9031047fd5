import { delay, oneIn } from "./chance.ts";
import { type TimedFault, timedAmong } from "./faults.ts";
import type { Node } from "./node.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";

/** Plans some of the timed faults that this schedule has. */
export function planFaults(sim: Simulation): void {
  const { chance, agenda, faults } = sim.world;
  const timed = timedAmong(faults);
  if (timed.length === 0) return;
  const times = chance.int(7);
  for (let i = 0; i < times; i++) {
    const fault = timed[chance.int(timed.length)];
    const node = sim.nodes[chance.int(sim.nodes.length)];
    const atMs = chance.int(TIMES.busyMs);
    const lastsMs = delay(chance, 2_500);
    if (fault !== undefined && node !== undefined) agenda.after(atMs, () => strike(sim, fault, node, lastsMs));
  }
}

function strike(sim: Simulation, fault: TimedFault, node: Node, lastsMs: number): void {
  const { world } = sim;
  if (world.isHealed || !node.isAlive) return;
  world.count(fault);
  STRIKES[fault](sim, node, lastsMs);
}

type Strike = (sim: Simulation, node: Node, lastsMs: number) => void;

const STRIKES: Readonly<Record<TimedFault, Strike>> = {
  cut: (_sim, node) => node.link.cut(),
  "half-open": (_sim, node) => node.link.halfOpen(),
  "server restart": ({ server }, _node, lastsMs) => server.restart(lastsMs),
  election: ({ server }, _node, lastsMs) => server.elect(lastsMs),
  isolation: (sim, node, lastsMs) => {
    const { link } = node;
    sim.server.isolate(link);
    sim.agenda.after(lastsMs, () => sim.server.reunite(link));
  },
  "slow log": ({ world }, _node, lastsMs) => {
    world.say("log", "IS SLOW");
    world.slowness = 1 + world.chance.int(10);
    world.agenda.after(lastsMs, () => {
      world.slowness = 1;
    });
  },
  "re-creation": ({ server }) => server.recreate(),
  rewind: (sim) => sim.excuses.rewound(sim.server.rewind(1 + sim.world.chance.int(6), false)),
  "quiet rewind": (sim) => sim.excuses.rewound(sim.server.rewind(1 + sim.world.chance.int(3), true)),
  purge: ({ server, world }) => server.purge(server.last - world.chance.int(4)),
  junk: ({ server, world }) => server.junk(oneIn(world.chance, 2) ? "junk" : '{"kind":"keys","v":2}'),
  pause: ({ world }, node, lastsMs) => {
    world.say(node.name, `STANDS STILL for ${lastsMs} ms`);
    node.process.standStill(lastsMs, false);
  },
  sleep: ({ world }, node, lastsMs) => {
    world.say(node.name, `SLEEPS for ${lastsMs} ms`);
    node.process.standStill(lastsMs, true);
  },
  "wall clock set forward": (sim, node, lastsMs) => shift(sim, node, lastsMs),
  "wall clock set back": (sim, node, lastsMs) => shift(sim, node, -lastsMs),
  crash: (sim, node, lastsMs) => {
    node.crash();
    sim.agenda.after(lastsMs, () => {
      if (!node.isAlive) sim.start(node);
    });
  },
};

function shift({ world }: Simulation, node: Node, byMs: number): void {
  world.say(node.name, `HAS ITS WALL CLOCK SET BY ${byMs} ms`);
  node.process.shiftWall(byMs);
}
