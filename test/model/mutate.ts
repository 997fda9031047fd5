import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type Core, loadCore, SHIPPED } from "./core.ts";

/** A rule switched off, in the source text of a copy of `src/protocol`. */
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
  readonly file: string;
  /** Must occur exactly once: when the source is changed, its mutants are changed with it. */
  readonly text: string;
  readonly becomes: string;
}

/** Git ignores it; inside the project, so that packages are found from there. */
const SCRATCH = new URL("../../.stack/mutants/", import.meta.url);

export class MutantError extends Error {}

/** The protocol with the mutant's edits. Throws `MutantError` if the source is no longer what the mutant expects. */
export async function loadMutant({ name, edits }: Mutant): Promise<Core> {
  const folder = new URL(`${process.pid}-${name.replace(/[^a-z0-9]+/gi, "-")}/`, SCRATCH);
  await mkdir(folder, { recursive: true });
  try {
    for (const file of await readdir(SHIPPED)) {
      if (file.endsWith(".ts")) await writeMutated(folder, file, edits);
    }
    return await loadCore(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeMutated(folder: URL, file: string, edits: readonly Edit[]): Promise<void> {
  let source = await readFile(new URL(file, SHIPPED), "utf8");
  for (const edit of edits) {
    if (edit.file !== file) continue;
    if (source.split(edit.text).length !== 2) throw new MutantError(`${file} does not hold exactly once: ${edit.text}`);
    source = source.replace(edit.text, () => edit.becomes);
  }
  await writeFile(new URL(file, folder), source.replaceAll('"../spec/', '"../../../src/spec/'));
}
