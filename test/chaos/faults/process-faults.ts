import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../sim/chance.ts";
import type { NearkeyProcess } from "../deployment/nearkey-process.ts";
import { logsFromNow, shown, shownBy } from "./evidence.ts";
import type { Fault, Ground, Running } from "./fault.ts";
import { kill } from "./killed.ts";
import { stop } from "./stopped.ts";

// What happens to processes of nearkey's own.

const backendKilled: Fault = {
  name: "backend-killed",
  breaks: ["backend"],
  lasts: "within the bound",
  begin: async (ground) => {
    const logs = logsFromNow(ground);
    const { backend, running } = await strike(ground, kill);
    return shownBy(running, () => logs.untilLogged("serving", [backend]));
  },
};

function backendPaused(name: string, lasts: Fault["lasts"]): Fault {
  return { name, breaks: ["backend"], lasts, begin: async (ground) => (await strike(ground, stop)).running };
}

const frontendKilled: Fault = {
  name: "frontend-killed",
  breaks: ["frontend"],
  lasts: "within the bound",
  begin: async (ground) => {
    const frontend = pick(ground.chance, ground.processes.frontends);
    const logs = logsFromNow(ground);
    return shownBy(await kill([frontend]), () => logs.untilLogged("filled", [frontend]));
  },
};

/** Shortly: nobody has to notice. */
const frontendPausedShortly: Fault = {
  name: "frontend-paused-shortly",
  breaks: ["frontend"],
  lasts: "within the bound",
  begin: ({ chance, processes }) => stop([pick(chance, processes.frontends)]),
};

const frontendPaused: Fault = {
  name: "frontend-paused",
  breaks: ["frontend"],
  lasts: "past the bound",
  begin: async (ground) => {
    const frontend = pick(ground.chance, ground.processes.frontends);
    const logs = logsFromNow(ground);
    return shownBy(await stop([frontend]), () => logs.untilLogged("unproven", [frontend]));
  },
};

const UNTIL_WRITING_MS = 20_000;

/** Does it to a backend in the middle of a write; one that comes within some seconds. */
async function strike(ground: Ground, how: (victims: readonly NearkeyProcess[]) => Promise<Running>) {
  const backend = pick(ground.chance, ground.processes.backends);
  const end = performance.now() + UNTIL_WRITING_MS;
  while (ground.writesUnderWay(backend) === 0 && performance.now() < end) await pause(1);
  const underWay = ground.writesUnderWay(backend);
  const running = await how([backend]);
  const evidence = async () => [shown(`writes under way: ${underWay}`, underWay > 0), ...(await running.evidence())];
  return { backend, running: { ...running, evidence } };
}

export const processFaults: readonly Fault[] = [
  backendKilled,
  backendPaused("backend-paused-shortly", "within the bound"),
  backendPaused("backend-paused", "past the bound"),
  frontendKilled,
  frontendPausedShortly,
  frontendPaused,
];
