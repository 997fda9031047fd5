/** A process of its own, one for each core: plays one seed after the other until time is up or one fails, and tells what came of them. */
import { seeded } from "./chance.ts";
import { loadEngine } from "./engine.ts";
import { simulate } from "./simulate.ts";
import { addOutcome, createTotals } from "./totals.ts";

const [firstSeed = 1, step = 1, untilMs = 0] = process.argv.slice(2).map(Number);
const engine = await loadEngine();
const totals = createTotals();
for (let seed = firstSeed; Date.now() < untilMs && totals.failures.length === 0; seed += step) {
  addOutcome(totals, seed, await simulate(engine, seeded(seed)));
}
process.send?.(totals);
