import { setTimeout as pause } from "node:timers/promises";
import type { NearkeyProcess } from "../deployment/nearkey-process.ts";
import { pick } from "../pick.ts";
import { logsFromNow } from "./evidence.ts";
import type { Fault, Ground } from "./fault.ts";
import { kill } from "./killed.ts";
import { stop } from "./stopped.ts";

// What happens to processes of nearkey's own.

const backendKilled: Fault = {
  name: "backend-killed",
  breaks: ["backend"],
  lasts: "within the bound",
  begin: async (ground) => {
    const backend = pick(ground.chance, ground.processes.backends);
    const logs = logsFromNow(ground);
    const underWay = await untilWriting(ground, backend);
    const killed = await kill([backend]);
    return {
      ...killed,
      what: `${killed.what} in the middle of ${underWay} writes`,
      evidence: async () => [...(await killed.evidence()), await logs.untilLogged("serving", [backend])],
    };
  },
};

const frontendKilled: Fault = {
  name: "frontend-killed",
  breaks: ["frontend"],
  lasts: "within the bound",
  begin: async (ground) => {
    const frontend = pick(ground.chance, ground.processes.frontends);
    const logs = logsFromNow(ground);
    const killed = await kill([frontend]);
    return {
      ...killed,
      evidence: async () => [...(await killed.evidence()), await logs.untilLogged("filled", [frontend])],
    };
  },
};

function frontendPaused(name: string, lasts: Fault["lasts"]): Fault {
  return {
    name,
    breaks: ["frontend"],
    lasts,
    begin: async (ground) => {
      const frontend = pick(ground.chance, ground.processes.frontends);
      const logs = logsFromNow(ground);
      const stopped = await stop([frontend]);
      return {
        ...stopped,
        evidence: async () => [
          ...(await stopped.evidence()),
          ...(lasts === "past the bound" ? [await logs.untilLogged("unproven", [frontend])] : []),
        ],
      };
    },
  };
}

function backendPaused(name: string, lasts: Fault["lasts"]): Fault {
  return {
    name,
    breaks: ["backend"],
    lasts,
    begin: async (ground) => {
      const backend = pick(ground.chance, ground.processes.backends);
      const underWay = await untilWriting(ground, backend);
      const stopped = await stop([backend]);
      return { ...stopped, what: `${stopped.what} in the middle of ${underWay} writes` };
    },
  };
}

const UNTIL_WRITING_MS = 5_000;

/** Waits, not for ever, for a write that the backend has not answered. */
async function untilWriting(ground: Ground, backend: NearkeyProcess): Promise<number> {
  const end = performance.now() + UNTIL_WRITING_MS;
  while (ground.writesUnderWay(backend) === 0 && performance.now() < end) await pause(1);
  return ground.writesUnderWay(backend);
}

export const processFaults: readonly Fault[] = [
  backendKilled,
  backendPaused("backend-paused-shortly", "within the bound"),
  backendPaused("backend-paused", "past the bound"),
  frontendKilled,
  frontendPaused("frontend-paused-shortly", "within the bound"),
  frontendPaused("frontend-paused", "past the bound"),
];
