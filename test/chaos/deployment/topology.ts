/** What runs, and where. */
export interface Topology {
  readonly name: "short" | "middle" | "long";
  /** Cassandra nodes in each data centre. */
  readonly nodes: number;
  readonly dcs: 1 | 2;
  readonly nats: 1 | 3;
  /** The data centre of each backend and frontend. */
  readonly backends: readonly DataCenter[];
  readonly frontends: readonly DataCenter[];
  readonly levels: readonly string[];
}

export type DataCenter = "dc1" | "dc2";

/** The smallest in which every part that nearkey is made of is there, and each of its processes twice. */
const short: Topology = {
  name: "short",
  nodes: 1,
  dcs: 1,
  nats: 1,
  backends: ["dc1", "dc1"],
  frontends: ["dc1", "dc1"],
  levels: [],
};

/** Replicas that lag, and elections, in one data centre. */
const middle: Topology = { ...short, name: "middle", nodes: 3, nats: 3 };

/**
 * Two data centres of three replicas each. Writes are acknowledged by a majority in each, so that a majority in the frontend's own meets
 * them; conditional writes are serial across both.
 */
const long: Topology = {
  name: "long",
  nodes: 3,
  dcs: 2,
  nats: 3,
  backends: ["dc1", "dc2", "dc1"],
  frontends: ["dc1", "dc2", "dc2"],
  levels: ["--read-level", "LOCAL_QUORUM", "--write-level", "EACH_QUORUM", "--serial-level", "SERIAL"],
};

export const topologies = { short, middle, long };

/** How many copies of a row there are: one on each node. */
export const replicasOf = ({ nodes, dcs }: Topology): number => nodes * dcs;

/** In words. */
export function describeTopology({ name, nodes, dcs, nats, backends, frontends, levels }: Topology): string {
  const cassandra = `Cassandra ${nodes * dcs} ${nodes * dcs === 1 ? "node" : "nodes"} in ${dcs} DC${dcs === 1 ? "" : "s"}`;
  const parts = [cassandra, `nats-server ${nats}`, `${backends.length} backends`, `${frontends.length} frontends`];
  return `${name}: ${parts.join(", ")}${levels.length > 0 ? `; ${levels.join(" ")}` : ""}`;
}
