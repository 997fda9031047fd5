import { delay, oneIn } from "./chance.ts";
import { someWrite } from "./mutations.ts";
import type { Node } from "./node.ts";
import { startRead } from "./readers.ts";
import { plainly, someRead } from "./reads.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";
import { startWrite } from "./writers.ts";

/** Plans what clients read and write: at any time; around writes; and several the same, at nearly the same time. */
export function planClients(sim: Simulation): void {
  const { chance, agenda } = sim.world;
  const frontends = sim.nodes.filter(({ role }) => role.isFrontend);
  const writers = sim.nodes.filter(({ role }) => role.isWriter);
  const oneOf = (nodes: readonly Node[]): Node | undefined => nodes[chance.int(nodes.length)];
  const planRead = (fromMs: number, withinMs: number): void => {
    const read = someRead(chance);
    const node = oneOf(frontends);
    const atMs = fromMs + chance.int(withinMs);
    if (node === undefined) return;
    agenda.after(atMs, () => startRead(sim, node, read));
    if (oneIn(chance, 4)) agenda.after(atMs + delay(chance, 30), () => startRead(sim, node, read));
  };
  const writes = 4 + chance.int(24);
  for (let n = 1; n <= writes; n++) {
    const write = someWrite(chance, n);
    const node = oneOf(writers);
    const atMs = chance.int(TIMES.busyMs);
    if (node !== undefined) agenda.after(atMs, () => startWrite(sim, node, n, write));
    for (let reads = chance.int(5); reads > 0; reads--) planRead(Math.max(0, atMs - 30), 200);
  }
  for (let reads = 10 + chance.int(90); reads > 0; reads--) planRead(0, TIMES.busyMs + TIMES.fenceMs);
  if (oneIn(chance, 50)) planCircle(sim, oneOf(frontends));
}

/** Two views that read each other, asked for at once, wait for each other until the deadline of views: half a minute. */
function planCircle(sim: Simulation, node: Node | undefined): void {
  if (node === undefined) return;
  sim.agenda.after(sim.world.chance.int(TIMES.busyMs), () => {
    startRead(sim, node, plainly({ name: "left", params: { id: 0 } }));
    startRead(sim, node, plainly({ name: "right", params: { id: 0 } }));
  });
}
