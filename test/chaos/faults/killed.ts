import { isAlive } from "../../../docker/stack/children.ts";
import type { ServerHandle } from "../../../docker/stack/server-process.ts";
import { shown } from "./evidence.ts";
import type { Running } from "./fault.ts";

/** SIGKILL for all of them, at once; to be started again, at once, at the end. */
export async function kill(victims: readonly ServerHandle[]): Promise<Running> {
  const pids = victims.map(({ pid }) => pid);
  await Promise.all(victims.map((victim) => victim.kill()));
  const gone = pids.filter((pid) => !isAlive(pid)).length;
  return {
    what: `${namesOf(victims)} killed`,
    end: async () => {
      await Promise.all(victims.map((victim) => victim.restart()));
    },
    evidence: async () => [
      shown(`${gone} of ${pids.length} gone after SIGKILL`, gone === pids.length),
      shown(
        "started again as another process",
        victims.every(({ pid }, i) => pid !== pids[i] && isAlive(pid)),
      ),
    ],
  };
}

export const namesOf = (victims: readonly ServerHandle[]): string => victims.map(({ name }) => name).join(", ");
