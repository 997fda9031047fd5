import { pick } from "../../sim/chance.ts";
import { logsFromNow, seen, shown, shownBy } from "./evidence.ts";
import type { Fault, Ground } from "./fault.ts";
import { hintFiles } from "./hints.ts";
import { kill } from "./killed.ts";
import { stop } from "./stopped.ts";

// What happens to Cassandra's nodes.

type Node = Ground["servers"]["cassandra"][number]["node"];
type Choose = (ground: Ground) => readonly Node[];

const one: Choose = ({ chance, servers }) => [pick(chance, servers.cassandra).node];
const all: Choose = ({ servers }) => servers.cassandra.map(({ node }) => node);

function killed(name: string, lasts: Fault["lasts"], choose: Choose): Fault {
  return {
    name,
    breaks: ["cassandra"],
    lasts,
    begin: async (ground) => {
      const logs = logsFromNow(ground);
      const running = await kill(choose(ground));
      return shownBy(running, () => logs.untilLogged("cassandra-host-down", ground.processes.all));
    },
  };
}

function stopped(name: string, lasts: Fault["lasts"]): Fault {
  return { name, breaks: ["cassandra"], lasts, begin: (ground) => stop(one(ground)) };
}

/**
 * A replica that misses writes: the others keep hints for it, and until it has them it would answer what it had. Nothing else may keep
 * writers from writing meanwhile.
 */
const replicaLagging: Fault = {
  name: "replica-lagging",
  breaks: ["cassandra", "nats"],
  lasts: "past the bound",
  fits: ({ servers }) => servers.cassandra.length > 1,
  begin: async (ground) => {
    const host = pick(ground.chance, ground.servers.cassandra);
    const others = ground.servers.cassandra.filter((other) => other !== host);
    const replica = await ground.askAlone(host);
    const still = await stop([host.node]).catch(async (error: unknown) => {
      await replica.close();
      throw error;
    });
    let hints = "";
    let old = 0;
    const mend = async (): Promise<void> => {
      try {
        hints = await seen("hints on disk", () => inWords(hintFiles(others)));
      } finally {
        await still.end();
      }
      // At once, and again for a while: hints are on their way, and it may need a moment before it answers.
      for (let tries = 0; tries < READ_TIMES && old === 0; tries++) old = await replica.countOldValues();
    };
    return {
      what: `a replica, ${still.what}`,
      end: () => mend().finally(replica.close),
      evidence: async () => [
        ...(await still.evidence()),
        hints,
        shown(`${old} values read at it had been overwritten`, old > 0),
      ],
    };
  },
};

const READ_TIMES = 5;

const inWords = ({ length }: readonly string[]): string | undefined =>
  length === 0 ? undefined : `${length} files of hints on the others' disks`;

export const cassandraFaults: readonly Fault[] = [
  killed("cassandra-killed", "within the bound", one),
  killed("cassandra-down", "past the bound", all),
  stopped("cassandra-stopped-shortly", "within the bound"),
  stopped("cassandra-stopped", "past the bound"),
  replicaLagging,
];
