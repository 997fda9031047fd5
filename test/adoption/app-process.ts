import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../support/free-port.ts";
import type { Real } from "../support/real.ts";

const START_MS = 30_000;
const END_MS = 10_000;

/** The application, in a process of its own. */
export class AppProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async start(real: Real, keyspace: string): Promise<AppProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "app.cjs")], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        CASSANDRA: real.cassandra.contactPoints[0],
        DATACENTER: real.cassandra.localDataCenter,
        NATS: real.nats.servers.join(","),
        KEYSPACE: keyspace,
        PORT: String(port),
      },
    });
    const app = new AppProcess(`http://127.0.0.1:${port}`, child);
    await app.#answers();
    return app;
  }

  async get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.url + path);
    const text = await response.text();
    return { status: response.status, body: response.ok ? JSON.parse(text) : undefined };
  }

  async send(method: "PUT" | "DELETE", path: string, body?: object): Promise<number> {
    const json = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return (await fetch(this.url + path, { method, ...json })).status;
  }

  /** As if the machine had failed. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends it as an operator does; by force where that takes too long. True if it ended by itself. */
  async end(): Promise<boolean> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return true;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const isGone = await Promise.race([exited.then(() => true), pause(END_MS, false, { ref: false })]);
    if (!isGone) this.#child.kill("SIGKILL");
    await exited;
    return isGone;
  }

  async #answers(): Promise<void> {
    const until = performance.now() + START_MS;
    for (;;) {
      const isUp = await fetch(`${this.url}/users/0`).then(
        ({ status }) => status < 500,
        () => false,
      );
      if (isUp) return;
      if (performance.now() > until || this.#child.exitCode !== null) throw new Error("the application did not start");
      await pause(100);
    }
  }
}
