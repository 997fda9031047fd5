import { join } from "node:path";
import { cassandraCommand } from "./cassandra-command.ts";
import { type CassandraConf, cqlPort, writeConf } from "./cassandra-conf.ts";
import type { CassandraProgram } from "./cassandra-install.ts";
import { answersCql } from "./cassandra-ready.ts";
import type { ServerDiedError } from "./errors.ts";
import { type ServerHandle, ServerProcess } from "./server-process.ts";
import { waitUntil } from "./wait.ts";

export interface CassandraNode extends ServerHandle {
  readonly address: string;
  readonly dataCenter: string;
  /** Its own folder: `conf/`, `data/` and its log. */
  readonly dir: string;
}

export interface NodePlan {
  readonly program: CassandraProgram;
  readonly conf: CassandraConf;
  /** The nodes' common folder: each has one of its own in it. */
  readonly dir: string;
  readonly jvmFlags: readonly string[];
  readonly onDeath?: ((error: ServerDiedError) => void) | undefined;
}

/** One node; `start` resolves when it answers CQL. */
export class CassandraProcess extends ServerProcess implements CassandraNode {
  readonly address: string;
  readonly dataCenter: string;
  readonly dir: string;

  constructor({ program, conf, dir, jvmFlags, onDeath }: NodePlan) {
    const { address } = conf;
    const cwd = join(dir, address);
    writeConf(cwd, conf);
    const logFile = join(cwd, "cassandra.log");
    const what = `An answer of Cassandra on ${address}:${cqlPort}`;
    // On a small machine several nodes start as slowly as one after the other.
    const wait = { what, deadlineMs: 60_000 + 30_000 * conf.seeds.length, remedy: `Look at ${logFile}` };
    super({
      name: `cassandra ${address}`,
      command: cassandraCommand(program, cwd, jvmFlags),
      cwd,
      logFile,
      ready: (giveUp, signal) => waitUntil({ ...wait, giveUp, signal }, () => answersCql(address)),
      onDeath,
    });
    this.address = address;
    this.dataCenter = conf.dataCenter;
    this.dir = cwd;
  }
}
