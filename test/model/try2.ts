import { check, describeResult } from "./check.ts";
import { currencyModel } from "./currency-model.ts";
import { loadCore } from "./core.ts";
import type { CurrencyScenario } from "./currency-world.ts";
const core = await loadCore();
const scen: CurrencyScenario[] = [
 {name:"no faults", invalidations:2, probes:2, ticks:2, faults:[]},
 {name:"lost records", invalidations:2, probes:2, ticks:2, faults:["lost-record"]},
 {name:"lost, late ans, lost ack", invalidations:1, probes:2, ticks:2, faults:["lost-record","late-answer","lost-ack"]},
 {name:"re-created", invalidations:1, probes:1, ticks:2, faults:["re-created","lost-record"]},
 {name:"rolled back", invalidations:2, probes:1, ticks:2, faults:["rolled-back","lost-record"]},
 {name:"rolled back quietly", invalidations:2, probes:1, ticks:2, faults:["rolled-back-quietly","lost-record"]},
 {name:"disconnect, purge", invalidations:2, probes:1, ticks:2, faults:["disconnect","purged","lost-record"]},
 {name:"cold", cold:true, invalidations:2, probes:1, ticks:2, faults:["disconnect","lost-record"]},
];
for (const s of scen) { const m = currencyModel(core, s); const c0 = process.cpuUsage().user; const r = check(m, {maxStates: 150_000}); console.log(describeResult(s.name, r), "steps", r.steps, "cpu ms", Math.round((process.cpuUsage().user-c0)/1000)); }
