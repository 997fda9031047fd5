import { classArchiveFlags } from "./cassandra-archive.ts";
import { type CassandraConf, cqlPort, storagePort } from "./cassandra-conf.ts";
import { installCassandra } from "./cassandra-install.ts";
import { type CassandraNode, CassandraProcess } from "./cassandra-node.ts";
import { ringIsFormed } from "./cassandra-ready.ts";
import { DataFolder } from "./data-folder.ts";
import { type ServerDiedError, StackOptionError } from "./errors.ts";
import { addressesFrom, assertFree, freeLoopback } from "./ports.ts";
import { throwIfAnyDied } from "./server-process.ts";
import { waitUntil } from "./wait.ts";

export type { CassandraNode };

export interface CassandraOptions {
  /** Nodes in each data centre. Default 1. */
  readonly nodes?: number | undefined;
  /** Data centres, named dc1, dc2, ... Default 1. */
  readonly dcs?: number | undefined;
  /** Loopback address of the first node; the others follow. Default: one that no other stack uses. */
  readonly firstAddress?: string | undefined;
  /** Where clients are told that a node is, e.g. behind a proxy. Default: at its address. */
  readonly clientAddress?: ((address: string) => string) | undefined;
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

export interface CassandraCluster {
  /** The nodes of the first data centre. */
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  readonly nodes: readonly CassandraNode[];
  /** Ends all nodes. */
  close(): Promise<void>;
}

/** Starts Cassandra and resolves when every node answers CQL and lists all others: about 2 s for one node. */
export async function startCassandra(options: CassandraOptions = {}): Promise<CassandraCluster> {
  const log = options.log ?? (() => {});
  const confs = layOut(options);
  await assertAddressesFree(confs);
  const program = await installCassandra({ log, signal: options.signal });
  const jvmFlags = await classArchiveFlags(program, { log, signal: options.signal });
  const folder = DataFolder.open({ dir: options.dir, keep: options.keep });
  const { onDeath } = options;
  const nodes = confs.map((conf) => new CassandraProcess({ program, conf, dir: folder.path, jvmFlags, onDeath }));
  const killAll = () => Promise.all(nodes.map((node) => node.kill()));
  try {
    await startAll(nodes, log, options.signal);
  } catch (error) {
    await killAll(); // the folder stays for now: the error names a log in it
    throw error;
  }
  const close = async () => {
    await killAll();
    folder.close();
  };
  const first = nodes.filter((node) => node.dataCenter === "dc1");
  return { contactPoints: first.map((node) => node.address), localDataCenter: "dc1", nodes, close };
}

function layOut(options: CassandraOptions): readonly CassandraConf[] {
  const { nodes = 1, dcs = 1, firstAddress = freeLoopback(), clientAddress } = options;
  for (const n of [nodes, dcs]) {
    if (!Number.isInteger(n) || n < 1) throw new StackOptionError(`${n} is no number of nodes`, "Take 1 or more");
  }
  // All are seeds: none refuses to start because another is not there yet.
  const seeds = addressesFrom(firstAddress, nodes * dcs);
  return seeds.map((address, i) => ({
    address,
    seeds,
    dataCenter: dataCenterOf(i, nodes),
    token: tokenOf(i, nodes),
    clientAddress: clientAddress?.(address),
  }));
}

function dataCenterOf(index: number, nodesPerDc: number): string {
  return `dc${Math.floor(index / nodesPerDc) + 1}`;
}

/** Each data centre divides the ring evenly; a small shift keeps the tokens of two data centres apart. */
function tokenOf(index: number, nodesPerDc: number): bigint {
  const step = 2n ** 64n / BigInt(nodesPerDc);
  const shift = BigInt(Math.floor(index / nodesPerDc)) * 1_000n;
  return -(2n ** 63n) + 1n + step * BigInt(index % nodesPerDc) + shift;
}

async function assertAddressesFree(confs: readonly CassandraConf[]): Promise<void> {
  const endpoints = confs.flatMap(({ address }) => [
    { address, port: cqlPort },
    { address, port: storagePort },
  ]);
  await assertFree(endpoints, "Stop what listens there (`ss -ltnp` tells what it is)");
}

async function startAll(
  nodes: readonly CassandraProcess[],
  log: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const addresses = nodes.map((node) => node.address);
  log(`cassandra: waiting until ${addresses.join(" ")} answers CQL`);
  await Promise.all(nodes.map((node) => node.start(signal)));
  if (nodes.length === 1) return;
  log("cassandra: waiting until each node lists all others");
  const remedy = "Look at the nodes' logs for the ones that are missing";
  const giveUp = () => throwIfAnyDied(nodes);
  const wait = { what: "A formed ring", deadlineMs: 120_000, everyMs: 250, remedy, signal, giveUp };
  await waitUntil(wait, () => ringIsFormed(addresses));
}
