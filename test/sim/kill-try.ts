import { loadMutant } from "../model/mutate.ts";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "../model/mutants.ts";
import { seeded } from "./chance.ts";
import { simulate } from "./simulate.ts";
for (const m of [...MODEL_MUTANTS, ...SCHEDULE_MUTANTS]) {
  const core = await loadMutant(m);
  let at = 0, v: string | undefined;
  for (let seed = 1; seed <= 500 && !v; seed++) { v = simulate(core, seeded(seed), { weak: seed % 2 === 0 }).violation; at = seed; }
  console.log(v ? `seed ${String(at).padStart(4)}` : "  --     ", m.breaks, m.name, "|", v?.slice(0, 70) ?? "");
}
