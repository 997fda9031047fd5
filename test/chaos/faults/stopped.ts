import type { ServerHandle } from "../../../docker/stack/server-process.ts";
import { standsStill } from "../../../docker/stack/standstill.ts";
import { shown } from "./evidence.ts";
import type { Running } from "./fault.ts";
import { namesOf } from "./killed.ts";

/** SIGSTOP for all of them; SIGCONT at the end. Their sockets stay, and nobody answers. */
export async function stop(victims: readonly ServerHandle[]): Promise<Running> {
  for (const victim of victims) victim.stop();
  const began = performance.now();
  const stoppedAtFirst = allStandStill(victims);
  let stoppedAtLast = false;
  let tookMs = 0;
  return {
    what: `${namesOf(victims)} stopped`,
    end: async () => {
      stoppedAtLast = allStandStill(victims);
      for (const victim of victims) victim.resume();
      tookMs = performance.now() - began;
    },
    evidence: async () => [
      shown(`every thread stood still for ${(tookMs / 1000).toFixed(1)} s`, stoppedAtFirst && stoppedAtLast),
    ],
  };
}

const allStandStill = (victims: readonly ServerHandle[]): boolean => victims.every(({ pid }) => standsStill(pid));
