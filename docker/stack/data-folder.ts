import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { isAlive } from "./children.ts";
import { stackHome } from "./home.ts";

export interface DataFolderOptions {
  readonly dir?: string | undefined;
  readonly keep?: boolean | undefined;
}

/** Where servers keep their data: a given folder, emptied at the start, or a temporary one, removed at the end. */
export class DataFolder {
  readonly path: string;
  readonly #temporary: boolean;

  private constructor(path: string, temporary: boolean) {
    this.path = path;
    this.#temporary = temporary;
  }

  static open({ dir, keep }: DataFolderOptions): DataFolder {
    if (dir === undefined) return new DataFolder(temporary(), true);
    if (!keep) rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    return new DataFolder(resolve(dir), false);
  }

  close(): void {
    if (this.#temporary) rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Named after this process, so that a later one can tell which folders were left by processes that were killed. */
function temporary(): string {
  const all = join(stackHome(), "tmp");
  mkdirSync(all, { recursive: true });
  for (const name of readdirSync(all)) {
    if (!isAlive(Number.parseInt(name, 10))) rmSync(join(all, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(all, `${process.pid}-`));
}
