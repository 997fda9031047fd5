import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ServerDiedError } from "./errors.ts";
import { natsConfigFile } from "./home.ts";
import { askJetStream } from "./nats-ready.ts";
import { type ServerHandle, ServerProcess } from "./server-process.ts";
import { waitUntil } from "./wait.ts";

export interface NatsNode extends ServerHandle {
  /** As its cluster calls it: n1, n2, ... */
  readonly serverName: string;
  readonly port: number;
  /** Where its streams are. */
  readonly storeDir: string;
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
  /** Whether clients are told of the other servers. */
  readonly advertise: boolean;
  /** The servers' common folder. */
  readonly dir: string;
  readonly onDeath?: ((error: ServerDiedError) => void) | undefined;
}

/** One server; `start` resolves when it answers for JetStream. */
export class NatsProcess extends ServerProcess implements NatsNode {
  readonly serverName: string;
  readonly port: number;
  readonly url: string;
  readonly storeDir: string;

  constructor({ program, layout, index, advertise, dir, onDeath }: NatsPlan) {
    const port = layout[index]?.client ?? 0;
    const serverName = `n${index + 1}`;
    const storeDir = join(dir, serverName);
    const logFile = join(dir, `${serverName}.log`);
    mkdirSync(storeDir, { recursive: true });
    const url = `nats://${natsAddress}:${port}`;
    const wait = { what: `An answer of ${url}`, deadlineMs: 30_000, everyMs: 30, remedy: `Look at ${logFile}` };
    super({
      name: `nats-server ${natsAddress}:${port}`,
      command: [program, ...serverFlags(serverName, port, storeDir), ...clusterFlags(layout, index, advertise)],
      cwd: dir,
      logFile,
      ready: (giveUp, signal) => waitUntil({ ...wait, giveUp, signal }, () => askJetStream(url).then(() => true)),
      onDeath,
    });
    this.serverName = serverName;
    this.port = port;
    this.url = url;
    this.storeDir = storeDir;
  }
}

function serverFlags(name: string, port: number, storeDir: string): readonly string[] {
  return ["-c", natsConfigFile, "-a", natsAddress, "-p", String(port), "-n", name, "-sd", storeDir];
}

function clusterFlags(layout: readonly NatsPorts[], index: number, advertise: boolean): readonly string[] {
  if (layout.length === 1) return [];
  const routes = layout.map(({ cluster }) => `nats://${natsAddress}:${cluster}`);
  const flags = ["--cluster_name", "nearkey", "--cluster", routes[index] ?? "", "--routes", routes.join(",")];
  return advertise ? flags : [...flags, "--no_advertise"];
}
