import { join } from "node:path";
import type { Client } from "cassandra-driver";
import { makeSocialKeyspace } from "../../../src/cli/dev/social-keyspace.ts";
import type { Chance } from "../../sim/chance.ts";
import { buildInto } from "../deployment/build.ts";
import { type Processes, startProcesses } from "../deployment/processes.ts";
import type { RunFolder } from "../deployment/run-folder.ts";
import { type Servers, startServers } from "../deployment/servers.ts";
import type { Topology } from "../deployment/topology.ts";
import type { Value } from "../judge/history.ts";
import { settle } from "../town/settlers.ts";
import type { Town } from "../town/town.ts";

/** Everything that runs, and a town settled in its tables. */
export interface Stage {
  readonly servers: Servers;
  /** Of ours, to look at the tables. */
  readonly client: Client;
  readonly processes: Processes;
  /** What the registers hold before anybody writes. */
  readonly initial: ReadonlyMap<string, Value>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly topology: Topology;
  readonly town: Town;
  readonly chance: Chance;
  readonly boundMs: number;
  readonly folder: RunFolder;
  readonly say: (line: string) => void;
  readonly onDeath: (error: Error) => void;
  readonly signal: AbortSignal;
}

export const KEYSPACE = "chaos";
/** The shortest that a writer's deadlines allow: at rest every fence must have ended. */
export const FENCE_MS = 22_000;

/** Starts everything; if something fails, nothing is left running. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { chance, folder, say, town } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const built = join(folder.path, "dist");
    await buildInto(built);
    const servers = await startServers({ ...options, dir: join(folder.path, "servers") });
    closers.push(() => servers.close());
    const client = await servers.connect();
    closers.push(() => client.shutdown());
    await makeSocialKeyspace(client, KEYSPACE);
    const initial = await settle(client, KEYSPACE, town, chance);
    say("waiting until every backend and frontend is ready");
    const processes = await startProcesses({ ...options, ...servers, ...PLACE, built, logs: folder.logs });
    closers.push(() => processes.close());
    return { servers, client, processes, initial, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const PLACE = { keyspace: KEYSPACE, namespace: KEYSPACE, fenceMs: FENCE_MS };
