import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "../..");

/** One line of a server's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** The command `nearkey`, run as users run it: in a process of its own. */
export class NearkeyChild {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | NodeJS.Signals>;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    // What this run of the tests is told must not reach it.
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("NEARKEY_"));
    this.#child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], {
      cwd: ROOT,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => resolve(code ?? signal ?? -1));
    });
  }

  /** The exit code, or the signal that ended it. */
  exit(): Promise<number | NodeJS.Signals> {
    return this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** For hooks: ends it whatever it does. */
  async end(): Promise<void> {
    this.signal("SIGKILL");
    await this.#ended;
  }

  /** What it logged so far. */
  get lines(): readonly LogLine[] {
    const whole = this.stdout.split("\n").slice(0, -1);
    return whole.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  /** Waits for a line of its log. Fails, with all that it said, if it ends before. */
  async line(msg: string, withinMs = 40_000): Promise<LogLine> {
    let ended = false;
    void this.#ended.then(() => {
      ended = true;
    });
    for (const untilMs = performance.now() + withinMs; performance.now() < untilMs; await pause(20)) {
      const isLast = ended;
      const found = this.lines.find((line) => line.msg === msg);
      if (found !== undefined) return found;
      if (isLast) break;
    }
    throw new Error(`no line ${msg}\n${this.stdout}\n${this.stderr}`);
  }
}
