import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ServerDiedError } from "./errors.ts";
import { natsConfigFile } from "./home.ts";
import { askJetStream } from "./nats-ready.ts";
import { type ServerHandle, ServerProcess } from "./server-process.ts";
import { waitUntil } from "./wait.ts";

export interface NatsNode extends ServerHandle {
  readonly port: number;
}

export const natsAddress = "127.0.0.1";

export interface NatsPorts {
  readonly client: number;
  readonly cluster: number;
}

export interface NatsPlan {
  readonly program: string;
  /** The ports of all servers, this one among them. */
  readonly layout: readonly NatsPorts[];
  readonly index: number;
  /** The servers' common folder. */
  readonly dir: string;
  readonly onDeath?: ((error: ServerDiedError) => void) | undefined;
}

/** One server; `start` resolves when it answers for JetStream. */
export class NatsProcess extends ServerProcess implements NatsNode {
  readonly port: number;
  readonly url: string;

  constructor({ program, layout, index, dir, onDeath }: NatsPlan) {
    const port = layout[index]?.client ?? 0;
    const name = `n${index + 1}`;
    const storeDir = join(dir, name);
    const logFile = join(dir, `${name}.log`);
    mkdirSync(storeDir, { recursive: true });
    const url = `nats://${natsAddress}:${port}`;
    const wait = { what: `An answer of ${url}`, deadlineMs: 30_000, everyMs: 30, remedy: `Look at ${logFile}` };
    super({
      name: `nats-server ${natsAddress}:${port}`,
      command: [program, ...serverFlags(name, port, storeDir), ...clusterFlags(layout, index)],
      cwd: dir,
      logFile,
      ready: (giveUp, signal) => waitUntil({ ...wait, giveUp, signal }, () => askJetStream(url).then(() => true)),
      onDeath,
    });
    this.port = port;
    this.url = url;
  }
}

function serverFlags(name: string, port: number, storeDir: string): readonly string[] {
  return ["-c", natsConfigFile, "-a", natsAddress, "-p", String(port), "-n", name, "-sd", storeDir];
}

function clusterFlags(layout: readonly NatsPorts[], index: number): readonly string[] {
  if (layout.length === 1) return [];
  const routes = layout.map(({ cluster }) => `nats://${natsAddress}:${cluster}`);
  return ["--cluster_name", "nearkey", "--cluster", routes[index] ?? "", "--routes", routes.join(",")];
}
