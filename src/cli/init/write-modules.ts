import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NearkeyError } from "../../spec/error.ts";

/** A module, under the name of its file. */
export interface Module {
  readonly file: string;
  readonly text: string;
}

/** There is such a file already, and `init` overwrites none. */
export class FileExistsError extends NearkeyError {
  readonly code = "E_FILE_EXISTS";

  constructor(path: string) {
    super(`${path} exists, nothing was written`, "Give another folder with --out, move it away, or look with --print");
  }
}

/** Writes all of them, or none. Throws `FileExistsError`. */
export async function writeModules(folder: string, modules: readonly Module[]): Promise<readonly string[]> {
  const files = modules.map(({ file, text }) => ({ path: join(folder, file), text }));
  for (const { path } of files) {
    if ((await stat(path).catch(() => undefined)) !== undefined) throw new FileExistsError(path);
  }
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  try {
    for (const { path, text } of files) {
      await writeFile(path, text, { flag: "wx" });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) await rm(path);
    throw isTaken(error) ? new FileExistsError(String(error.path)) : error;
  }
  return written;
}

/** Somebody made it since it was looked for. */
const isTaken = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && error.code === "EEXIST";
