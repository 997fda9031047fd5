import { setTimeout as pause } from "node:timers/promises";
import { Client, policies } from "cassandra-driver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CassandraCluster, startCassandra } from "../../docker/stack/cassandra.ts";
import { type CassandraStoreOptions, createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { driverEncoding } from "../../src/adapters/cassandra/codec.ts";
import type { Store } from "../../src/ports/store.ts";
import { StoreReadError, WriteRefusedError, WriteUnknownError } from "../../src/ports/store-errors.ts";
import { increment, insert, type Mutation } from "../../src/spec/mutation.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import { connectTo, createTables } from "../ports/store-cassandra.ts";
import { fresh } from "../ports/store-subject.ts";
import { people, visits } from "../ports/store-tables.ts";
import { describeReal } from "../support/real.ts";

const person = (): Mutation => insert(people, { id: fresh(), name: "x" });
const someone: ReadPlan = { kind: "row", table: people, where: { id: 1 } };
const write = (store: Store, deadlineMs: number, ...mutations: readonly Mutation[]) =>
  store.write(mutations, { timestampMicros: Date.now() * 1000, deadlineMs });
const read = (store: Store, deadlineMs: number) => store.read(someone, { level: "strong", deadlineMs });

describeReal("with fewer replicas alive than a level asks for", (real) => {
  const keyspace = `fewer_${Date.now().toString(36)}`;
  let client: Client;
  let store: Store;
  beforeAll(async () => {
    client = connectTo(real);
    const replication = "{'class': 'SimpleStrategy', 'replication_factor': 3}";
    await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = ${replication}`);
    await createTables(client, keyspace, [people, visits]);
    store = createCassandraStore({ client, keyspace });
  });
  afterAll(async () => {
    await client.execute(`DROP KEYSPACE ${keyspace}`);
    await client.shutdown();
  });

  it("a write, a batch and an increment are refused", async () => {
    await expect(write(store, 5_000, person())).rejects.toThrow(WriteRefusedError);
    await expect(write(store, 5_000, person(), person())).rejects.toThrow(WriteRefusedError);
    const counted = increment(visits, { page: "p", day: 1 }, { views: 1 });
    await expect(write(store, 5_000, counted)).rejects.toThrow(WriteRefusedError);
  });

  it("a conditional write has no known outcome", async () => {
    const conditional = insert(people, { id: fresh() }, { ifNotExists: true });
    await expect(write(store, 5_000, conditional)).rejects.toThrow(WriteUnknownError);
  });

  it("a read fails at the strong level and is answered at the weak one", async () => {
    await expect(read(store, 5_000)).rejects.toThrow(StoreReadError);
    expect(await store.read(someone, { level: "weak", deadlineMs: 5_000 })).toMatchObject({ count: 0 });
  });
});

/** A cluster of its own, because it is frozen and killed. The client knows the first node only. */
describeReal("with a server that is frozen or dead", () => {
  let cluster: CassandraCluster;
  const clients: Client[] = [];

  const connect = (address: string | undefined): Client => {
    const contactPoint = `${address}:9042`;
    const only = new policies.loadBalancing.AllowListPolicy(new policies.loadBalancing.DCAwareRoundRobinPolicy("dc1"), [
      contactPoint,
    ]);
    const client = new Client({
      contactPoints: [contactPoint],
      localDataCenter: "dc1",
      encoding: driverEncoding,
      policies: { loadBalancing: only, reconnection: new policies.reconnection.ConstantReconnectionPolicy(100) },
    });
    clients.push(client);
    return client;
  };
  const nodes = () => {
    const [first, second] = cluster.nodes;
    if (first === undefined || second === undefined) throw new Error("two nodes were asked for");
    return { first, second };
  };
  const open = (level: CassandraStoreOptions["level"], client = connect(nodes().first.address)): Store =>
    createCassandraStore({ client, keyspace: "faults", level });

  beforeAll(async () => {
    cluster = await startCassandra({ nodes: 2 });
    const client = connect(nodes().first.address);
    await client.execute("CREATE KEYSPACE faults WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 2}");
    await createTables(client, "faults", [people, visits]);
  });
  afterAll(async () => {
    for (const client of clients) await client.shutdown();
    await cluster?.close();
  });

  it("a write that one replica does not answer has no known outcome, whatever its kind; nor is it read", async () => {
    const store = open({ write: "ALL", strongRead: "ALL" });
    await expectWorks(store);
    nodes().second.stop();
    try {
      const kinds: readonly (readonly Mutation[])[] = [
        [person()],
        [person(), person()],
        [insert(people, { id: fresh() }, { ifNotExists: true })],
        [increment(visits, { page: "p", day: 1 }, { views: 1 })],
      ];
      const failing = kinds.map((each) => expect(write(store, 8_000, ...each)).rejects.toThrow(WriteUnknownError));
      await Promise.all([...failing, expect(read(store, 8_000)).rejects.toThrow(StoreReadError)]);
    } finally {
      nodes().second.resume();
    }
  });

  describe("by its deadline,", () => {
    it("a frozen server's write has no known outcome, and its read and ping fail; then both work again", async () => {
      const store = open({ write: "ONE", strongRead: "ONE" });
      await expectWorks(store);
      nodes().first.stop();
      const began = performance.now();
      try {
        await Promise.all([
          expect(write(store, 400, person())).rejects.toThrow(WriteUnknownError),
          expect(write(store, 400, person(), person())).rejects.toThrow(WriteUnknownError),
          expect(read(store, 400)).rejects.toThrow(StoreReadError),
          expect(store.ping({ deadlineMs: 400 })).rejects.toThrow(StoreReadError),
          expect(write(open({}), 400, person())).rejects.toThrow(WriteRefusedError), // it is still connecting
        ]);
        expect(performance.now() - began).toBeLessThan(10_000); // the driver's own patience is 12 s
      } finally {
        nodes().first.resume();
      }
      await eventually(() => expectWorks(store));
    });
  });

  it("a write under way when its server dies has no known outcome; the next one is refused, until it is back", async () => {
    const store = open({ write: "ONE", strongRead: "ONE" });
    await expectWorks(store);
    nodes().first.stop();
    const underWay = expect(write(store, 20_000, person())).rejects.toThrow(WriteUnknownError);
    await pause(100);
    await nodes().first.kill();
    await underWay;
    await expect(write(store, 5_000, person())).rejects.toThrow(WriteRefusedError);
    await expect(write(store, 5_000, person(), person())).rejects.toThrow(WriteRefusedError);
    await expect(read(store, 5_000)).rejects.toThrow(StoreReadError);
    await expect(write(open({}), 5_000, person())).rejects.toThrow(WriteRefusedError); // it was never there
    await nodes().first.restart();
    await eventually(() => expectWorks(store));
  });

  async function expectWorks(store: Store): Promise<void> {
    expect(await write(store, 5_000, person(), person())).toEqual({ applied: true });
    expect(await write(store, 5_000, person())).toEqual({ applied: true });
    expect(await read(store, 5_000)).toMatchObject({ expiryKnown: true });
  }
});

/** Tries again for some seconds: a client notices only after a while that its server is back. */
async function eventually(attempt: () => Promise<void>): Promise<void> {
  const end = performance.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(200);
    }
  }
}
