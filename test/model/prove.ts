/** The full proof: `npx tsx test/model/prove.ts [words of a scenario's name]`. Ends with 1 if an invariant is broken, or a search is cut short. */
import { check, describeResult, type Model, type Result } from "./check.ts";
import { coherenceModel } from "./coherence-model.ts";
import { FULL, QUICK } from "./coherence-scenarios.ts";
import { loadCore } from "./core.ts";
import { currencyModel } from "./currency-model.ts";
import { FULL_CURRENCY, KNOWN_LIMITS, QUICK_CURRENCY } from "./currency-scenarios.ts";

const words = process.argv.slice(2).join(" ");
const core = await loadCore();
let failed = false;

function prove<S>(name: string, model: Model<S>, isFine: (result: Result) => boolean): void {
  if (!name.includes(words)) return;
  const result = check(model, { maxStates: 6_000_000 });
  console.log(describeResult(name, result));
  failed ||= !isFine(result);
}

const holds = ({ violation, capped }: Result): boolean => violation === undefined && !capped;

for (const scenario of [...QUICK, ...FULL]) prove(scenario.name, coherenceModel(core, scenario), holds);
for (const scenario of [...QUICK_CURRENCY, ...FULL_CURRENCY])
  prove(scenario.name, currencyModel(core, scenario), holds);
for (const scenario of KNOWN_LIMITS) {
  const isFound = ({ violation }: Result): boolean => violation?.startsWith(scenario.breaks) === true;
  prove(`known limit: ${scenario.name}`, currencyModel(core, scenario), isFound);
}
process.exitCode = failed ? 1 : 0;
