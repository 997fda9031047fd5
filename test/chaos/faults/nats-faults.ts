import type { NatsNode } from "../../../docker/stack/nats.ts";
import { pick } from "../../sim/chance.ts";
import { logsFromNow, seen, shownBy } from "./evidence.ts";
import type { Fault, Ground, Running } from "./fault.ts";
import { kill } from "./killed.ts";
import { stop } from "./stopped.ts";

// What happens to nats-servers as they are; what happens to the stream itself is in stream-faults.ts.

const oneKilled: Fault = {
  name: "nats-killed",
  breaks: ["nats"],
  lasts: "within the bound",
  begin: async (ground) => {
    const { nats } = ground.servers;
    const logs = logsFromNow(ground);
    const killed = await kill([pick(ground.chance, nats)]);
    // Of a cluster, nobody may be connected to this server.
    return nats.length > 1 ? killed : shownBy(killed, () => logs.untilLogged("log-disconnected", ground.processes.all));
  },
};

const allKilled: Fault = {
  name: "nats-down",
  breaks: ["nats"],
  lasts: "past the bound",
  begin: async (ground) => {
    const logs = logsFromNow(ground);
    return shownBy(await kill(ground.servers.nats), () => logs.untilLogged("unproven", ground.processes.frontends));
  },
};

function stopped(name: string, lasts: Fault["lasts"]): Fault {
  return { name, breaks: ["nats"], lasts, begin: ({ chance, servers }) => stop([pick(chance, servers.nats)]) };
}

/** A cluster that loses the leader of its stream chooses another: for some seconds nothing is acknowledged. */
function election(name: string, lose: (nodes: readonly NatsNode[]) => Promise<Running>): Fault {
  return {
    name,
    breaks: ["nats"],
    lasts: "past the bound",
    fits: ({ servers }) => servers.nats.length > 1,
    begin: async (ground) => {
      const before = await leaderOf(ground);
      const lost = await lose([before]);
      let elected = "";
      return {
        what: `the stream's leader, ${lost.what}`,
        end: async () => {
          elected = await seen("another leader", () => otherLeader(ground, before)).finally(lost.end);
        },
        evidence: async () => [...(await lost.evidence()), `${elected} leads after ${before.serverName}`],
      };
    },
  };
}

async function leaderOf({ stream, servers }: Ground): Promise<NatsNode> {
  const { leader } = await stream.look();
  const found = servers.nats.find(({ serverName }) => serverName === leader);
  if (found === undefined) throw new Error(`${leader} leads the stream, and is none of the servers`);
  return found;
}

async function otherLeader({ stream }: Ground, before: NatsNode): Promise<string | undefined> {
  const leader = await stream.look().then(
    (state) => state.leader,
    () => undefined, // nobody leads
  );
  return leader === before.serverName ? undefined : leader;
}

export const natsFaults: readonly Fault[] = [
  oneKilled,
  allKilled,
  stopped("nats-stopped-shortly", "within the bound"),
  stopped("nats-stopped", "past the bound"),
  election("r3-leader-killed", kill),
  election("r3-leader-stopped", stop),
];
