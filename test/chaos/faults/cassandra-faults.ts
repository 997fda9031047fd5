import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pick } from "../pick.ts";
import { logsFromNow, seen, shown } from "./evidence.ts";
import type { Fault, Ground } from "./fault.ts";
import { kill } from "./killed.ts";
import { stop } from "./stopped.ts";

// What happens to Cassandra's nodes.

const oneKilled: Fault = {
  name: "cassandra-killed",
  breaks: ["cassandra"],
  lasts: "within the bound",
  begin: async (ground) => {
    const logs = logsFromNow(ground);
    const killed = await kill([pick(ground.chance, ground.servers.cassandra).node]);
    return {
      ...killed,
      evidence: async () => [
        ...(await killed.evidence()),
        await logs.untilLogged("cassandra-host-down", ground.processes.all),
      ],
    };
  },
};

const allKilled: Fault = {
  name: "cassandra-down",
  breaks: ["cassandra"],
  lasts: "past the bound",
  begin: async (ground) => {
    const logs = logsFromNow(ground);
    const killed = await kill(ground.servers.cassandra.map(({ node }) => node));
    return {
      ...killed,
      evidence: async () => [
        ...(await killed.evidence()),
        await logs.untilLogged("cassandra-host-down", ground.processes.all),
      ],
    };
  },
};

function stopped(name: string, lasts: Fault["lasts"]): Fault {
  return {
    name,
    breaks: ["cassandra"],
    lasts,
    begin: (ground) => stop([pick(ground.chance, ground.servers.cassandra).node]),
  };
}

/** A replica that misses writes: the others keep hints for it, and until it has them it would answer what it had. */
const replicaLagging: Fault = {
  name: "replica-lagging",
  breaks: ["cassandra"],
  lasts: "past the bound",
  fits: ({ servers }) => servers.cassandra.length > 1,
  begin: async (ground) => {
    const host = pick(ground.chance, ground.servers.cassandra);
    const others = ground.servers.cassandra.filter((other) => other !== host);
    const still = await stop([host.node]);
    let hints = "";
    let old = 0;
    return {
      what: `a replica, ${still.what}`,
      end: async () => {
        hints = await seen("hints on disk", () => hintsOf(others)).finally(() => still.end());
        old = await ground.countOldValues(host);
      },
      evidence: async () => [
        ...(await still.evidence()),
        hints,
        shown(`${old} values read at it had been overwritten`, old > 0),
      ],
    };
  },
};

/** Files of hints that these nodes keep for others. */
export function hintFiles(hosts: Ground["servers"]["cassandra"]): readonly string[] {
  return hosts.flatMap(({ node }) => {
    const folder = join(node.dir, "data/hints");
    const names = readdirSync(folder).filter((name) => name.endsWith(".hints"));
    return names.map((name) => join(folder, name)).filter(hasContent);
  });
}

function hasContent(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function hintsOf(hosts: Ground["servers"]["cassandra"]): string | undefined {
  const { length } = hintFiles(hosts);
  return length === 0 ? undefined : `${length} files of hints on the others' disks`;
}

export const cassandraFaults: readonly Fault[] = [
  oneKilled,
  allKilled,
  stopped("cassandra-stopped-shortly", "within the bound"),
  stopped("cassandra-stopped", "past the bound"),
  replicaLagging,
];
