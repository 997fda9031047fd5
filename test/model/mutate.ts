import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type Core, loadCore } from "./core.ts";

/** A rule switched off, in the source text of a copy of `src/protocol` or of `src/engine`. */
export interface Mutant {
  /** What is missing, in words. */
  readonly name: string;
  /** The rule, of the twelve in SPEC.md, that it breaks. */
  readonly rule: number;
  readonly edits: readonly Edit[];
  /** The invariant that must be seen to break. */
  readonly breaks: string;
}

export interface Edit {
  /** Of `src/protocol`; or of `src`, with its folder. */
  readonly file: string;
  /** Must occur exactly once: when the source is changed, its mutants are changed with it. */
  readonly text: string;
  readonly becomes: string;
}

/** Git ignores it; inside the project, so that packages are found from there. */
const SCRATCH = new URL("../../.stack/mutants/", import.meta.url);
const SOURCES = new URL("../../src/", import.meta.url);

export class MutantError extends Error {}

/** The protocol with the mutant's edits. Throws `MutantError` if the source is no longer what the mutant expects. */
export function loadMutant(mutant: Mutant): Promise<Core> {
  return withMutant(mutant, ["protocol"], (folder) => loadCore(new URL("protocol/", folder)));
}

/**
 * Copies these folders of `src` side by side, with the mutant's edits, and lets `load` import from there. Throws `MutantError` if the source
 * is no longer what the mutant expects.
 */
export async function withMutant<T>(
  { name, edits }: Mutant,
  folders: readonly ("protocol" | "engine")[],
  load: (folder: URL) => Promise<T>,
): Promise<T> {
  const scratch = new URL(`${process.pid}-${name.replace(/[^a-z0-9]+/gi, "-")}/`, SCRATCH);
  try {
    let applied = 0;
    for (const folder of folders) {
      await mkdir(new URL(`${folder}/`, scratch), { recursive: true });
      for (const file of await readdir(new URL(`${folder}/`, SOURCES)))
        if (file.endsWith(".ts")) applied += await writeMutated(scratch, `${folder}/${file}`, edits);
    }
    if (applied !== edits.length || applied === 0)
      throw new MutantError(`${applied} of ${edits.length} edits are of files that are copied: ${name}`);
    return await load(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What is not copied is imported from where it is. Returns how many edits the file had. */
async function writeMutated(scratch: URL, file: string, edits: readonly Edit[]): Promise<number> {
  const own = edits.filter((edit) => pathOf(edit) === file);
  let source = await readFile(new URL(file, SOURCES), "utf8");
  for (const { text, becomes } of own) {
    if (text === becomes) throw new MutantError(`an edit of ${file} changes nothing: ${text}`);
    if (source.split(text).length !== 2) throw new MutantError(`${file} does not hold exactly once: ${text}`);
    source = source.replace(text, () => becomes);
  }
  await writeFile(new URL(file, scratch), source.replaceAll(/"\.\.\/(spec|ports)\//g, '"../../../../src/$1/'));
  return own.length;
}

const pathOf = ({ file }: Edit): string => (file.includes("/") ? file : `protocol/${file}`);
