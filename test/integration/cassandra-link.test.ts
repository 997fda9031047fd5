import { setTimeout as pause } from "node:timers/promises";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CassandraCluster, startCassandra } from "../../docker/stack/cassandra.ts";
import { createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { cassandraClientOptions } from "../../src/adapters/cassandra/client-options.ts";
import { type FaultProxy, startFaultProxy } from "../chaos/links/fault-proxy.ts";
import { WHOLE } from "../chaos/links/link-state.ts";
import { describeReal } from "../support/real.ts";

const behindLink = (address: string): string => address.replace(/\d+$/, "101");
const OUTAGES = 6;
const OUTAGE_MS = 1_500;

/** A cluster of its own, whose one node clients reach over a link that breaks. */
describeReal("the Cassandra store over a link that breaks", () => {
  let cluster: CassandraCluster;
  let link: FaultProxy;
  let client: Client;

  beforeAll(async () => {
    cluster = await startCassandra({ clientAddress: behindLink });
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("a node was asked for");
    const at = (address: string) => ({ address, port: 9042 });
    link = await startFaultProxy(at(behindLink(node.address)), at(node.address));
    const contactPoints = [behindLink(node.address)];
    client = new Client({ contactPoints, localDataCenter: "dc1", ...cassandraClientOptions() });
  }, 120_000);
  afterAll(async () => {
    await client?.shutdown();
    await link?.close();
    await cluster?.close();
  });

  it("works again after each outage, and does not keep ever more refreshes of its client going", {
    timeout: 120_000,
  }, async () => {
    const store = createCassandraStore({ client, keyspace: "system" });
    const works = () =>
      store.ping({ deadlineMs: 2_000 }).then(
        () => true,
        () => false,
      );
    await expect.poll(works, { timeout: 20_000 }).toBe(true);
    for (let outage = 0; outage < OUTAGES; outage++) {
      link.set({ kind: "cut" });
      await expect.poll(works).toBe(false);
      await pause(OUTAGE_MS); // the client tries once a second
      link.set(WHOLE);
      await expect.poll(works, { timeout: 20_000 }).toBe(true);
      await pause(OUTAGE_MS);
    }
    // Each refresh that succeeded listens for the next outage: without care there are twice as many after each.
    const refreshes = client.hosts.values().map((host) => host.listenerCount("down"));
    expect(Math.max(...refreshes)).toBeLessThanOrEqual(4);
  });
});
