import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { isAlive } from "../../../docker/stack/children.ts";
import { projectRoot } from "../../../docker/stack/home.ts";

/** The folder of one run, inside the project so that what is built in it finds its packages; git ignores it. */
export interface RunFolder {
  readonly path: string;
  /** Where every process logs. */
  readonly logs: string;
  /** Copies the logs, those of these servers too, out of the folder, and says where to. */
  keepLogs(serverLogs: readonly string[]): string;
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
    keepLogs: (serverLogs) => {
      const kept = mkdtempSync(join(tmpdir(), "nearkey-chaos-"));
      const own = readdirSync(logs).map((name) => join(logs, name));
      for (const file of [...own, ...serverLogs.filter(existsSync)]) {
        copyFileSync(file, join(kept, relative(path, file).replaceAll("/", "-")));
      }
      return kept;
    },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
