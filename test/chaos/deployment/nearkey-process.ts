import { join } from "node:path";
import { type ServerHandle, ServerProcess } from "../../../docker/stack/server-process.ts";
import { waitUntil } from "../../../docker/stack/wait.ts";
import type { Role } from "../../../src/cli/config-schema.ts";
import type { FaultProxy } from "../links/fault-proxy.ts";
import { followLog, type ProcessLog } from "./process-log.ts";

/** One `nearkey backend` or `nearkey frontend`, in a process of its own, with links to NATS of its own. */
export interface NearkeyProcess extends ServerHandle {
  readonly role: Role;
  readonly url: string;
  readonly log: ProcessLog;
  /** To each nats-server. */
  readonly links: readonly FaultProxy[];
  /** Resolves when it is ready; a frontend with `strict` only once it has proof. Throws after the deadline. */
  untilReady(deadlineMs: number, strict: boolean): Promise<void>;
}

export interface NearkeyProcessOptions {
  readonly name: string;
  readonly role: Role;
  readonly port: number;
  readonly links: readonly FaultProxy[];
  /** Where the package was built. */
  readonly built: string;
  /** Beside role, keys, port and NATS servers. */
  readonly args: readonly string[];
  readonly logFile: string;
  /** Ended though nobody asked it to. */
  readonly onDeath: (error: Error) => void;
}

const READY_WITHIN_MS = 120_000;
const PROBE_MS = 2_000;

/** Starts it, and resolves when it is ready. */
export async function startNearkey(options: NearkeyProcessOptions): Promise<NearkeyProcess> {
  const { name, role, port, links, logFile, onDeath } = options;
  const url = `http://127.0.0.1:${port}`;
  const wait = { what: `The readiness of ${name}`, remedy: `Look at ${logFile}` };
  const untilReady = (deadlineMs: number, strict: boolean, giveUp = () => {}): Promise<void> =>
    waitUntil({ ...wait, deadlineMs, giveUp }, () => isReady(url, strict));
  const server = new ServerProcess({
    name,
    command: commandOf(options),
    cwd: options.built,
    env: withoutOurs(),
    logFile,
    ready: (giveUp) => untilReady(READY_WITHIN_MS, false, giveUp),
    onDeath,
  });
  await server.start().catch(async (error: unknown) => {
    await server.kill();
    throw error;
  });
  return {
    name,
    role,
    url,
    links,
    log: followLog(logFile),
    untilReady,
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    stop: () => server.stop(),
    resume: () => server.resume(),
    restart: () => server.restart(),
  };
}

function commandOf({ built, role, port, links, args }: NearkeyProcessOptions): [string, ...string[]] {
  const natsServers = links.map((link) => `nats://127.0.0.1:${link.port}`).join(",");
  return [
    process.execPath,
    ...[join(built, "src/cli/main.js"), role, "--port", String(port)],
    ...["--keys", join(built, "keyspec/index.js"), "--nats-servers", natsServers],
    ...args,
  ];
}

/** What this run is told by variables must not reach the processes. */
function withoutOurs(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("NEARKEY_")));
}

async function isReady(url: string, strict: boolean): Promise<boolean> {
  const response = await fetch(`${url}/readyz${strict ? "?strict" : ""}`, { signal: AbortSignal.timeout(PROBE_MS) });
  await response.arrayBuffer();
  return response.ok;
}
