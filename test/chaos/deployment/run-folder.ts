import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../../docker/stack/children.ts";
import { projectRoot } from "../../../docker/stack/home.ts";

/** The folder of one run, inside the project so that what is built in it finds its packages; git ignores it. */
export interface RunFolder {
  readonly path: string;
  /** Where every process logs. */
  readonly logs: string;
  /** Copies every log that is anywhere in it to a folder that stays, and says which. */
  keepLogs(): string;
  remove(): void;
}

const ALL = join(projectRoot, ".stack/chaos");

/** Named after this process: what runs left that were killed is removed by the next. */
export function openRunFolder(): RunFolder {
  mkdirSync(ALL, { recursive: true });
  for (const name of readdirSync(ALL)) {
    if (!isAlive(Number.parseInt(name, 10))) rmSync(join(ALL, name), { recursive: true, force: true });
  }
  const path = mkdtempSync(join(ALL, `${process.pid}-`));
  const logs = join(path, "logs");
  mkdirSync(logs);
  return {
    path,
    logs,
    keepLogs: () => {
      const kept = mkdtempSync(join(tmpdir(), "nearkey-chaos-"));
      const found = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".log"));
      for (const file of found) copyFileSync(join(path, file), join(kept, file.replaceAll("/", "-")));
      return kept;
    },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
