import type * as createNearCache from "../../src/engine/create-near-cache.ts";
import type * as createWriter from "../../src/engine/create-writer.ts";
import { type Mutant, withMutant } from "../model/mutate.ts";

/** What the simulator drives: the whole engine, as it is shipped or as a mutant has it. */
export type Engine = Pick<typeof createNearCache, "createNearCache"> & Pick<typeof createWriter, "createWriter">;

const SHIPPED = new URL("../../src/", import.meta.url);

/** Loads the engine from a folder that has the folders of `src`. */
export async function loadEngine(src: URL = SHIPPED): Promise<Engine> {
  const cache: typeof createNearCache = await import(new URL("engine/create-near-cache.ts", src).href);
  const writer: typeof createWriter = await import(new URL("engine/create-writer.ts", src).href);
  return { createNearCache: cache.createNearCache, createWriter: writer.createWriter };
}

/** The engine with the mutant's edits. Throws `MutantError` if the source is no longer what the mutant expects. */
export function loadMutantEngine(mutant: Mutant): Promise<Engine> {
  return withMutant(mutant, ["protocol", "engine"], loadEngine);
}
