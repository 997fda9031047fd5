import { check, describeResult } from "./check.ts";
import { coherenceModel } from "./coherence-model.ts";
import { loadCore } from "./core.ts";
import type { Fault, Scenario } from "./coherence-world.ts";
const core = await loadCore();
const ALL: Fault[] = ["crash","timeout","lost-write","lag","lost-record","lost-log","stored-again","evicted"];
const scen: Scenario[] = [
 {name:"tiny strong", writes:[{keys:["k1"]}], reads:["k1"], maxLoads:1, faults:[]},
 {name:"strong crash timeout", writes:[{keys:["k1"]}], reads:["k1"], maxLoads:1, faults:["crash","timeout","lost-write"]},
 {name:"weak, lag", weak:true, writes:[{keys:["k1"]}], reads:["k1"], maxLoads:1, faults:["lag"]},
 {name:"strong all, 1 load", writes:[{keys:["k1"]}], reads:["k1"], maxLoads:1, faults:ALL},
 {name:"view", writes:[{keys:["k1"]}], reads:["view"], maxLoads:2, faults:["crash"]},
];
for (const s of scen) { const m = coherenceModel(core, s); const c0 = process.cpuUsage().user; const r = check(m, {maxStates: 400_000}); console.log(describeResult(s.name, r), "rests", m.rests(), "steps", r.steps, "cpu ms", Math.round((process.cpuUsage().user-c0)/1000)); }
