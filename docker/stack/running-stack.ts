import { join } from "node:path";
import type { CassandraNode } from "./cassandra-node.ts";
import type { ServerDiedError } from "./errors.ts";
import { stackHome } from "./home.ts";
import { startLocalStack } from "./local-stack.ts";
import type { RunFile } from "./run-file.ts";

/** A stack as the command line sees it, whichever way it runs. */
export interface RunningStack extends RunFile {
  /** The addresses of each data centre. */
  readonly dataCenters: ReadonlyMap<string, readonly string[]>;
  /** Where its logs and data are, in words. */
  readonly where: string;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly nodes: number;
  readonly dcs: number;
  readonly nats: 1 | 3;
  readonly keep: boolean;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly onDeath: (error: ServerDiedError) => void;
}

/** As processes of this machine, at the ports that everybody knows. */
export async function startAsProcesses(options: StartOptions): Promise<RunningStack> {
  // A folder for each shape: nodes cannot start on the data of a cluster of another shape.
  const dir = join(stackHome(), "data", `${options.nodes}-nodes-${options.dcs}-dcs-${options.nats}-nats`);
  const stack = await startLocalStack({ ...options, dir, firstAddress: "127.0.0.1", firstNatsPort: 4222 });
  const { contactPoints, localDataCenter } = stack.cassandra;
  return {
    cassandra: { contactPoints, localDataCenter },
    dataCenters: byDataCenter(stack.cassandra.nodes),
    nats: { servers: stack.nats.servers },
    pids: [...stack.cassandra.nodes, ...stack.nats.nodes].map((node) => node.pid),
    where: `logs and data: ${dir}`,
    close: stack.close,
  };
}

function byDataCenter(nodes: readonly CassandraNode[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { dataCenter, address } of nodes) found.set(dataCenter, [...(found.get(dataCenter) ?? []), address]);
  return found;
}
