import type { EngineMutant } from "./engine-mutant.ts";
import { READING_MUTANTS } from "./reading-mutants.ts";
import { WRITING_MUTANTS } from "./writing-mutants.ts";

export const ENGINE_MUTANTS: readonly EngineMutant[] = [...READING_MUTANTS, ...WRITING_MUTANTS];
