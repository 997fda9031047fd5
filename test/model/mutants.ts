import { CURRENCY_MUTANTS } from "./currency-mutants.ts";
import type { ModelMutant } from "./mutant-scenarios.ts";
import { READER_MUTANTS } from "./reader-mutants.ts";
import { WINDOW_MUTANTS } from "./window-mutants.ts";

export { SCHEDULE_MUTANTS } from "./schedule-mutants.ts";

/** Every rule that a model can do without, and must not. */
export const MODEL_MUTANTS: readonly ModelMutant[] = [...WINDOW_MUTANTS, ...READER_MUTANTS, ...CURRENCY_MUTANTS];
