import type { Life } from "./life.ts";
import { ask } from "./readers.ts";
import { plainly, wordsOf } from "./reads.ts";
import type { Asked } from "./seen.ts";
import type { Simulation } from "./simulation.ts";

/** L1: at rest a key that is read again comes from memory. */
export async function checkHits(sim: Simulation): Promise<void> {
  const { world, deployment } = sim;
  const { settings, cache } = deployment;
  const keepsViews = [settings.maxDependencies, cache.maxBytes, cache.maxRows].every((limit = 0) => limit >= 100);
  const rows: readonly Asked[] = [
    { name: "user", params: { id: 0 } },
    { name: "friends", params: { id: 0 } },
  ];
  for (const life of sim.lives) {
    // Between orphans, what a view reads may always be about to end.
    const hasViews = keepsViews && life.cache?.statistics().orphans === 0;
    for (const of of hasViews ? [...rows, { name: "circle", params: { id: 0 } } as const] : rows) {
      const isHit = await readAgain(sim, life, of);
      if (!isHit) world.violate(`L1: at rest ${life.name} reads ${wordsOf(of)} again and again, and it is no hit`);
      if (world.violation !== undefined) return;
    }
  }
}

/** The life of what was found may just end, after an orphaned write: then it is loaded once more, not time after time. */
const READS = 4;
const PAUSE_MS = 250;

async function readAgain(sim: Simulation, life: Life, asked: Asked): Promise<boolean> {
  const { cache, process } = life;
  if (cache === undefined) return true;
  let hits = 0;
  for (let read = 0; read < READS && hits === 0; read++) {
    process.enter("requests", () => {
      void ask(sim, life, cache, plainly(asked)).then((answer) => {
        if (answer?.source === "hit") hits++;
      });
    });
    await sim.agenda.runUntil(sim.agenda.nowMs + PAUSE_MS, () => sim.world.violation !== undefined);
  }
  return hits > 0;
}
