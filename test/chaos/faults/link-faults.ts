import type { Role } from "../../../src/cli/config-schema.ts";
import { pick } from "../../sim/chance.ts";
import type { FaultProxy } from "../links/fault-proxy.ts";
import { type Direction, type LinkCounters, type LinkState, WHOLE } from "../links/link-state.ts";
import { logsFromNow, shown, shownBy } from "./evidence.ts";
import type { Fault, Ground, Running } from "./fault.ts";

// What happens to links: those of one process to NATS, and those of everybody to one node of Cassandra.

const SLOW_MS = 300;

type Kind = LinkState["kind"] & ("cut" | "half-open" | "stalled" | "slow");

/** What each does to a link, and what shows it. */
const KINDS: Readonly<Record<Kind, { readonly counter: keyof LinkCounters; readonly words: string }>> = {
  cut: { counter: "reset", words: "connections reset" },
  "half-open": { counter: "bytesLost", words: "bytes vanished" },
  stalled: { counter: "bytesLate", words: "bytes held back" },
  slow: { counter: "bytesLate", words: "bytes delayed" },
};

/** One process alone, from all nats-servers. */
function natsLink(kind: Kind, role: Role): Fault {
  return {
    name: `${role}-link-${kind}`,
    breaks: ["nats", role],
    lasts: "past the bound",
    begin: async (ground) => {
      const [process, logs] = [pick(ground.chance, ground.processes[`${role}s`]), logsFromNow(ground)];
      const broken = breakLinks(process.links, kind, ground);
      const named = { ...broken, what: `the link of ${process.name} to NATS ${broken.what}` };
      return kind === "slow" ? named : shownBy(named, () => logs.untilLogged("log-disconnected", [process]));
    },
  };
}

/** Everybody, from one node. */
function cqlLink(kind: Kind): Fault {
  return {
    name: `cql-link-${kind}`,
    breaks: ["cassandra"],
    lasts: "past the bound",
    begin: async (ground) => {
      const { link, node } = pick(ground.chance, ground.servers.cassandra);
      const broken = breakLinks([link], kind, ground);
      return { ...broken, what: `the link to cassandra ${node.address} ${broken.what}` };
    },
  };
}

function breakLinks(links: readonly FaultProxy[], kind: Kind, { chance }: Ground): Running {
  const { counter, words } = KINDS[kind];
  const count = (): number => links.reduce((sum, { counters }) => sum + counters[counter], 0);
  const before = count();
  const state = stateOf(kind, pick<Direction>(chance, ["both", "to-server", "to-client"]));
  for (const link of links) link.set(state);
  let happened = 0;
  return {
    what: "direction" in state ? `${kind} (${state.direction})` : kind,
    end: async () => {
      happened = count() - before;
      for (const link of links) link.set(WHOLE);
    },
    evidence: async () => [shown(`${happened} ${words}`, happened > 0)],
  };
}

function stateOf(kind: Kind, direction: Direction): LinkState {
  if (kind === "cut") return { kind };
  return kind === "slow" ? { kind, delayMs: SLOW_MS } : { kind, direction };
}

const kinds: readonly Kind[] = ["cut", "half-open", "stalled", "slow"];

export const linkFaults: readonly Fault[] = [
  ...kinds.map((kind) => natsLink(kind, "frontend")),
  ...kinds.map((kind) => natsLink(kind, "backend")),
  ...kinds.map(cqlLink),
];
