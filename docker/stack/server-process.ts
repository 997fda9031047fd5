import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { killGroup, spawnChild } from "./children.ts";
import { NotReadyError, ServerDiedError } from "./errors.ts";
import { lastLines } from "./log-tail.ts";
import { awaitStandstill } from "./standstill.ts";

/** What a test may do to one server of the stack. */
export interface ServerHandle {
  /** As it reads in messages. */
  readonly name: string;
  /** The process now running, or the last one that did; `restart` changes it. */
  readonly pid: number;
  /** SIGKILL, as a crash would: nothing is flushed. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: the process keeps its sockets and answers nothing, from when this returns. */
  stop(): void;
  /** SIGCONT, after `stop`. */
  resume(): void;
  /** Starts it again on its own data, killing it first if it runs. Resolves when it answers. */
  restart(): Promise<void>;
}

export interface ServerSpec {
  /** E.g. `cassandra 127.0.0.2`. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** Default: ours. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly logFile: string;
  /** Resolves when the server answers; calls `giveUp` between tries, which throws if it died. */
  readonly ready: (giveUp: () => void, signal?: AbortSignal) => Promise<void>;
  /** Told once per process that ends without `kill`. */
  readonly onDeath?: ((error: ServerDiedError) => void) | undefined;
}

/** SIGKILL takes milliseconds; a machine that swaps may need longer to give back the memory. */
const killDeadlineMs = 20_000;

/** One server: started, watched, and started again, always from the same command. */
export class ServerProcess implements ServerHandle {
  readonly #spec: ServerSpec;
  #child: ChildProcess | undefined;
  #death: ServerDiedError | undefined;
  #wanted = false;
  #answered = false;

  constructor(spec: ServerSpec) {
    this.#spec = spec;
  }

  get name(): string {
    return this.#spec.name;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(signal?: AbortSignal): Promise<void> {
    this.#spawn();
    await this.#spec.ready(() => this.throwIfDead(), signal);
    this.#answered = true;
  }

  async kill(): Promise<void> {
    await this.#end((child) => killGroup(child), killDeadlineMs);
  }

  /** SIGTERM: lets it finish what it does at its end. */
  async terminate(deadlineMs: number): Promise<void> {
    await this.#end((child) => child.kill("SIGTERM"), deadlineMs);
  }

  stop(): void {
    if (this.#child?.kill("SIGSTOP")) awaitStandstill(this.pid);
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async #end(tell: (child: ChildProcess) => void, deadlineMs: number): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const gone = once(child, "exit", { signal: AbortSignal.timeout(deadlineMs) });
    tell(child);
    await gone.catch((error: unknown) => {
      const remedy = `It does not end: look at it with \`ps -p ${child.pid}\``;
      throw new NotReadyError(`The end of ${this.#spec.name}`, deadlineMs, remedy, error);
    });
  }

  /** For a wait that is pointless without this server. */
  throwIfDead(): void {
    if (this.#death !== undefined) throw this.#death;
  }

  #spawn(): void {
    const { command, cwd, env = process.env, logFile } = this.#spec;
    const [file, ...args] = command;
    mkdirSync(dirname(logFile), { recursive: true });
    // A file and no pipe: the server must not stall when we are slow to read.
    const log = openSync(logFile, "a");
    this.#death = undefined;
    this.#answered = false;
    this.#wanted = true;
    const child = spawnChild(file, args, { cwd, env, stdio: ["ignore", log, log] });
    closeSync(log);
    this.#child = child;
    child.once("exit", (code, signal) => this.#onExit(child, signal ?? `exit code ${code}`));
    child.once("error", (error) => this.#onExit(child, error.message));
  }

  #onExit(child: ChildProcess, how: string): void {
    if (child !== this.#child || this.#death !== undefined) return;
    const { name, logFile, onDeath } = this.#spec;
    this.#death = new ServerDiedError(name, how, logFile, lastLines(logFile));
    // Before its first answer the one who waits for it in `start` is told, and nobody else.
    if (this.#wanted && this.#answered) onDeath?.(this.#death);
  }
}

/** For a wait that needs all of them. */
export function throwIfAnyDied(servers: readonly ServerProcess[]): void {
  for (const server of servers) server.throwIfDead();
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
