import { Client, policies, types } from "cassandra-driver";
import type { CassandraNode } from "../../../docker/stack/cassandra.ts";
import { startLocalStack } from "../../../docker/stack/local-stack.ts";
import type { NatsNode } from "../../../docker/stack/nats.ts";
import { type FaultProxy, startFaultProxy } from "../links/fault-proxy.ts";
import type { Topology } from "./topology.ts";

/** A Cassandra node, and the link over which all clients reach it. */
export interface CassandraHost {
  readonly node: CassandraNode;
  readonly link: FaultProxy;
}

export interface Servers {
  readonly cassandra: readonly CassandraHost[];
  readonly nats: readonly NatsNode[];
  readonly natsUrls: readonly string[];
  /** The addresses that clients in this data centre start from. */
  contactPoints(dataCenter: string): string[];
  /** A client of all nodes, over their links. */
  connect(): Promise<Client>;
  /** A client that asks this node and no other, past its link. */
  connectTo(node: CassandraNode): Promise<Client>;
  close(): Promise<void>;
}

export interface ServersOptions {
  readonly topology: Topology;
  readonly dir: string;
  readonly say: (line: string) => void;
  readonly onDeath: (error: Error) => void;
  readonly signal: AbortSignal;
}

/** Real servers, each Cassandra node behind a link of its own. */
export async function startServers({ topology, dir, say, onDeath, signal }: ServersOptions): Promise<Servers> {
  const { nodes, dcs, nats } = topology;
  const common = { clientAddress: behindLink, advertise: false, log: say };
  const stack = await startLocalStack({ ...common, nodes, dcs, nats, dir, onDeath, signal });
  const cassandra = await Promise.all(stack.cassandra.nodes.map(linked));
  const contactPoints = (dataCenter: string) =>
    stack.cassandra.nodes.filter((node) => node.dataCenter === dataCenter).map(({ address }) => behindLink(address));
  return {
    cassandra,
    nats: stack.nats.nodes,
    natsUrls: stack.nats.servers,
    contactPoints,
    connect: () => connected(new Client({ ...PATIENT, contactPoints: contactPoints("dc1"), localDataCenter: "dc1" })),
    connectTo: ({ address }) => connected(new Client({ ...PATIENT, ...only(`${address}:${PORT}`) })),
    close: async () => {
      await Promise.all(cassandra.map(({ link }) => link.close()));
      await stack.close();
    },
  };
}

/** Clients are told of this address in place of the node's own. */
const behindLink = (address: string): string => address.replace(/\d+$/, (last) => String(Number(last) + 100));

const PORT = 9042;

async function linked(node: CassandraNode): Promise<CassandraHost> {
  const listen = { address: behindLink(node.address), port: PORT };
  return { node, link: await startFaultProxy(listen, { address: node.address, port: PORT }) };
}

const PATIENT = { queryOptions: { consistency: types.consistencies.one }, socketOptions: { readTimeout: 20_000 } };

function only(address: string) {
  const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing;
  const loadBalancing = new AllowListPolicy(new RoundRobinPolicy(), [address]);
  return { contactPoints: [address], policies: { loadBalancing } };
}

async function connected(client: Client): Promise<Client> {
  await client.connect();
  return client;
}
