import { type Chance, delay, oneIn, pick } from "./chance.ts";
import { someWrite } from "./mutations.ts";
import { startRead } from "./readers.ts";
import { plainly, someRead, someReadOf, type ToRead } from "./reads.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";
import { startWrite } from "./writers.ts";

const MOST_WRITES = 28;
const MOST_READS_OF_A_WRITE = 5;
const MOST_OTHER_READS = 100;

/** From so long after a write begins, for so long. */
type Span = readonly [fromMs: number, withinMs: number];

/** When what a write changes is read: as it is written, soon after, or when its fence has just ended. */
const AROUND: readonly [Span, ...Span[]] = [
  [-30, 100],
  [-30, 30],
  [0, 600],
  [TIMES.fenceMs - 20, 300],
];

/**
 * Plans what clients read and write: around writes, often what they change, and at any other time. Each request has a track of its own, and
 * with a dull one it is not there. Returns when writes begin.
 */
export function planClients(sim: Simulation): readonly number[] {
  const { tracks, agenda } = sim.world;
  const { habits } = sim;
  const writers = sim.nodes.filter(({ role }) => role.isWriter);
  const writeTimes: number[] = [];
  for (let n = 1; n <= MOST_WRITES; n++) {
    const chance = tracks.of(`w${n}`);
    if (!isThere(chance, habits.writeRarity)) continue;
    const write = someWrite(chance, n, habits);
    const node = writers[chance.int(writers.length)];
    const atMs = chance.int(TIMES.busyMs);
    writeTimes.push(atMs);
    if (node !== undefined) agenda.after(atMs, () => startWrite(sim, node, n, write));
    for (let i = 0; i < MOST_READS_OF_A_WRITE; i++) {
      const own = tracks.of(`read ${i} of w${n}`);
      if (!isThere(own, 2)) continue;
      const read = oneIn(own, 3) ? someRead(own, habits) : someReadOf(own, write, habits);
      const [fromMs, withinMs] = pick(own, AROUND);
      planRead(sim, own, read, Math.max(0, atMs + fromMs), withinMs);
    }
  }
  for (let i = 0; i < MOST_OTHER_READS; i++) {
    const chance = tracks.of(`read ${i}`);
    if (isThere(chance, habits.readRarity))
      planRead(sim, chance, someRead(chance, habits), 0, TIMES.busyMs + TIMES.fenceMs);
  }
  planCircle(sim);
  return writeTimes;
}

/** One in `rarity`, or all but the dull choice where that is 1. */
const isThere = (chance: Chance, rarity: number): boolean => (rarity === 1 ? chance.int(8) > 0 : oneIn(chance, rarity));

/** Sometimes two clients ask the same at nearly the same time. */
function planRead(sim: Simulation, chance: Chance, read: ToRead, fromMs: number, withinMs: number): void {
  const frontends = sim.nodes.filter(({ role }) => role.isFrontend);
  const node = frontends[chance.int(frontends.length)];
  const atMs = fromMs + chance.int(withinMs);
  if (node === undefined) return;
  sim.agenda.after(atMs, () => startRead(sim, node, read));
  if (oneIn(chance, 4)) sim.agenda.after(atMs + delay(chance, 30), () => startRead(sim, node, read));
}

function planCircle(sim: Simulation): void {
  const { world, agenda } = sim;
  const chance = world.tracks.of("circle");
  const node = sim.nodes.find(({ role }) => role.isFrontend);
  if (!world.faults.has("views in a circle") || node === undefined) return;
  agenda.after(chance.int(TIMES.busyMs), () => {
    world.count("views in a circle");
    startRead(sim, node, plainly({ name: "left", params: { id: 0 } }));
    startRead(sim, node, plainly({ name: "right", params: { id: 0 } }));
  });
}
