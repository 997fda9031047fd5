import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const READY_WITHIN_MS = 60_000;

/** One `nearkey backend` or `nearkey frontend` of its own process. */
export interface NearkeyProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGKILL. */
  kill(): Promise<void>;
  stop(): void;
  resume(): void;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface NearkeyProcessOptions {
  readonly role: "backend" | "frontend";
  readonly port: number;
  readonly args: readonly string[];
  readonly logFile: string;
}

/** Starts it and waits until `/readyz` answers 200. */
export async function startNearkey(options: NearkeyProcessOptions): Promise<NearkeyProcess> {
  const url = `http://127.0.0.1:${options.port}`;
  let child = launch(options);
  const ended = (): Promise<void> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => void child.once("exit", () => resolve()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = ended();
    child.kill(signal);
    await gone;
  };
  await untilReady(url, options.logFile);
  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => end("SIGKILL"),
    stop: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    restart: async () => {
      child = launch(options);
      await untilReady(url, options.logFile);
    },
    close: () => end("SIGTERM"),
  };
}

function launch({ role, port, args, logFile }: NearkeyProcessOptions): ChildProcess {
  const log = createWriteStream(logFile, { flags: "a" });
  const command = ["--import", "tsx", join(ROOT, "src/cli/main.ts"), role, "--port", String(port), ...args];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  return child;
}

async function untilReady(url: string, logFile: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} was not ready within ${READY_WITHIN_MS} ms; its log is ${logFile}`);
}
