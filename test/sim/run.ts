/** Many seeds: `npx tsx test/sim/run.ts [seeds] [first seed]`. A seed that fails is shrunk, and its schedule printed; ends with 1. */
import { loadCore } from "../model/core.ts";
import { played, recorded, seeded, shrink } from "./chance.ts";
import { simulate } from "./simulate.ts";

const [seeds = 10_000, first = 1] = process.argv.slice(2).map(Number);
const core = await loadCore();
const startedAt = performance.now();
let [schedules, events, hits, answers, acknowledged] = [0, 0, 0, 0, 0];

for (let seed = first; seed < first + seeds; seed++) {
  const weak = seed % 2 === 0;
  const tape: number[] = [];
  const outcome = simulate(core, recorded(seeded(seed), tape), { weak });
  schedules++;
  events += outcome.events;
  hits += outcome.hits;
  answers += outcome.answers;
  acknowledged += outcome.acknowledged;
  if (outcome.violation === undefined) continue;
  const short = shrink(tape, (candidate) => simulate(core, played(candidate), { weak }).violation !== undefined);
  console.log(`seed ${seed}${weak ? " (weak)" : ""}: ${outcome.violation}`);
  console.log(simulate(core, played(short), { weak, trace: true }).trace.join("\n"));
  process.exitCode = 1;
  break;
}
const seconds = (performance.now() - startedAt) / 1_000;
console.log(
  `${schedules} schedules, ${events} events, ${acknowledged} acknowledged writes, ${answers} answers of which ${hits} hits, ${seconds.toFixed(1)} s`,
);
