import { DataFolder } from "./data-folder.ts";
import { type ServerDiedError, StackOptionError } from "./errors.ts";
import { installNats } from "./nats-install.ts";
import { natsAddress as address, type NatsNode, type NatsPorts, NatsProcess } from "./nats-node.ts";
import { tryReplicatedStream } from "./nats-ready.ts";
import { assertFree, freePorts } from "./ports.ts";
import { throwIfAnyDied } from "./server-process.ts";
import { waitUntil } from "./wait.ts";

export type { NatsNode };

export interface NatsOptions {
  /** 1, or 3 for a cluster that can hold R3 streams. Default 1. */
  readonly nodes?: 1 | 3 | undefined;
  /** Client port of the first server; the others follow, and cluster ports are 2000 higher. Default: free ones. */
  readonly firstPort?: number | undefined;
  /** Whether clients of a cluster are told of its other servers, and so may go past a proxy. Default true. */
  readonly advertise?: boolean | undefined;
  /** Where the data lives; default: a temporary folder that `close` removes. */
  readonly dir?: string | undefined;
  /** Start on the data that `dir` holds instead of emptying it. */
  readonly keep?: boolean | undefined;
  readonly log?: ((line: string) => void) | undefined;
  /** A server ended though no test asked it to. */
  readonly onDeath?: ((error: ServerDiedError) => void) | undefined;
  /** Aborting it ends a start that is under way, and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined;
}

export interface NatsCluster {
  /** URLs, one for each server. */
  readonly servers: readonly string[];
  readonly nodes: readonly NatsNode[];
  /** Ends all servers. */
  close(): Promise<void>;
}

/** Starts nats-server with JetStream: well under a second, so each test file can have its own. */
export async function startNats(options: NatsOptions = {}): Promise<NatsCluster> {
  const count = options.nodes ?? 1;
  if (count !== 1 && count !== 3) throw new StackOptionError(`${count} NATS servers have no use`, "Take 1 or 3");
  const log = options.log ?? (() => {});
  const layout = await layOut(count, options.firstPort);
  const program = await installNats({ log, signal: options.signal });
  const folder = DataFolder.open({ dir: options.dir, keep: options.keep });
  const { advertise = true, onDeath } = options;
  const plan = { program, layout, advertise, dir: folder.path, onDeath };
  const nodes = layout.map((_, index) => new NatsProcess({ ...plan, index }));
  const killAll = () => Promise.all(nodes.map((node) => node.kill()));
  try {
    await Promise.all(nodes.map((node) => node.start(options.signal)));
    await waitForCluster(nodes, options.signal);
  } catch (error) {
    await killAll(); // the folder stays for now: the error names a log in it
    throw error;
  }
  const close = async () => {
    await killAll();
    folder.close();
  };
  const servers = nodes.map((node) => node.url);
  log(`nats: ${servers.join(" ")} ${count === 1 ? "answers" : "answer, as one cluster"}`);
  return { servers, nodes, close };
}

async function layOut(count: number, firstPort: number | undefined): Promise<readonly NatsPorts[]> {
  const free = firstPort === undefined ? await freePorts(address, count * 2) : [];
  const ports = Array.from({ length: count }, (_, i) =>
    firstPort === undefined
      ? { client: free[2 * i] ?? 0, cluster: free[2 * i + 1] ?? 0 }
      : { client: firstPort + i, cluster: firstPort + 2_000 + i },
  );
  const used = ports.flatMap(({ client, cluster }) => (count === 1 ? [client] : [client, cluster]));
  await assertFree(
    used.map((port) => ({ address, port })),
    "Stop what listens there (`ss -ltnp` tells what it is)",
  );
  return ports;
}

async function waitForCluster(nodes: readonly NatsProcess[], signal: AbortSignal | undefined): Promise<void> {
  const first = nodes[0];
  if (nodes.length === 1 || first === undefined) return;
  const remedy = "Look at the servers' logs";
  const giveUp = () => throwIfAnyDied(nodes);
  const wait = { what: `A stream on all ${nodes.length} servers`, deadlineMs: 30_000, remedy, signal, giveUp };
  await waitUntil(wait, () => tryReplicatedStream(first.url, nodes.length).then(() => true));
}
