import type { AnyMutant, ModelMutant, ScheduleMutant } from "./mutant-scenarios.ts";
import { FEED } from "./mutants/feed.ts";
import { LOADS } from "./mutants/loads.ts";
import { MESSAGES } from "./mutants/messages.ts";
import { PROOF } from "./mutants/proof.ts";
import { WINDOWS } from "./mutants/windows.ts";
import { WRITES } from "./mutants/writes.ts";

/** A proof that cannot fail proves nothing: each is the protocol with one rule missing, and each must be caught. */
const ALL: readonly AnyMutant[] = [...MESSAGES, ...WINDOWS, ...WRITES, ...LOADS, ...FEED, ...PROOF];

const isOfSchedule = (mutant: AnyMutant): mutant is ScheduleMutant => "schedule" in mutant;

/** Those that a model finds, and those that take a schedule with time or room in it. */
export const MODEL_MUTANTS: readonly ModelMutant[] = ALL.flatMap((mutant) => (isOfSchedule(mutant) ? [] : [mutant]));
export const SCHEDULE_MUTANTS: readonly ScheduleMutant[] = ALL.filter(isOfSchedule);
