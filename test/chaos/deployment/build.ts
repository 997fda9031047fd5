import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../../docker/stack/home.ts";
import { runTool } from "../../../docker/stack/tool.ts";

/** A rule switched off, in the text of a built file. */
export interface Edit {
  /** Below `src/`, e.g. `protocol/frontend.js`. */
  readonly file: string;
  /** Must occur exactly once: when the source is changed, its mutants are changed with it. */
  readonly text: string;
  readonly becomes: string;
}

const BUILD_DEADLINE_MS = 120_000;

/** Builds the package as it ships, into a folder of its own: the built one starts faster, and `dist/` may be somebody else's. */
export async function buildInto(folder: string): Promise<void> {
  const compiler = join(projectRoot, "node_modules/.bin/tsc");
  const args = ["-p", join(projectRoot, "tsconfig.build.json"), "--outDir", folder];
  await runTool(compiler, args, { deadlineMs: BUILD_DEADLINE_MS, cwd: projectRoot });
  await mkdir(join(folder, "schema"), { recursive: true });
  await copyFile(join(projectRoot, "schema/social.cql"), join(folder, "schema/social.cql"));
}

/** A copy of what was built, made wrong. Throws if it is no longer what the edits expect. */
export async function copyMutated(built: string, folder: string, edits: readonly Edit[]): Promise<void> {
  await cp(built, folder, { recursive: true });
  for (const { file, text, becomes } of edits) {
    const path = join(folder, "src", file);
    const source = await readFile(path, "utf8");
    if (source.split(text).length !== 2) throw new Error(`${file} does not hold exactly once: ${text}`);
    await writeFile(
      path,
      source.replace(text, () => becomes),
    );
  }
}
