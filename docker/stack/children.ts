import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";

/** Every process this one started and that still runs: what the exit hook ends. */
const live = new Set<ChildProcess>();

export interface ChildOptions {
  readonly cwd?: string;
  readonly stdio: StdioOptions;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a process that does not outlive this one.
 *
 * It leads a process group of its own, so that a Ctrl-C in the terminal reaches only us and we end it in our order;
 * `killGroup` then also ends what it started. Do not call this in a worker thread: on Linux the child ends with it.
 */
export function spawnChild(file: string, args: readonly string[], options: ChildOptions): ChildProcess {
  const [command, ...rest] = [...diesWithUs(), file, ...args] as [string, ...string[]];
  const child = spawn(command, rest, { ...options, detached: true });
  live.add(child);
  child.once("exit", () => live.delete(child));
  child.once("error", () => live.delete(child));
  return child;
}

/** SIGKILL for the process and what it started; also ends a process frozen by SIGSTOP. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended between the test and the call.
  }
}

/** Whether a process of this id runs; after a while it may be another process. */
export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

let prefix: readonly string[] | undefined;

/** On Linux the kernel itself kills the child when we are killed with -9, which no hook of ours survives. */
function diesWithUs(): readonly string[] {
  const setpriv = ["setpriv", "--pdeathsig", "KILL"];
  prefix ??= spawnSync("setpriv", [...setpriv.slice(1), "true"], { timeout: 5_000 }).status === 0 ? setpriv : [];
  return prefix;
}

process.once("exit", () => {
  for (const child of live) killGroup(child);
});
