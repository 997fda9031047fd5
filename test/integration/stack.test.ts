import { Client } from "cassandra-driver";
import { connect, type NatsConnection, StorageType } from "nats";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { isAlive } from "../../docker/stack/children.ts";
import type { ServerDiedError } from "../../docker/stack/errors.ts";
import { type LocalStack, startLocalStack } from "../../docker/stack/local-stack.ts";
import { startNats } from "../../docker/stack/nats.ts";
import { describeReal } from "../support/real.ts";

// Where containers serve the other tests there may be no Java to start processes with.
const servers = inject("real");
const byProcess = "startedAs" in servers && servers.startedAs === "processes";

describe.skipIf(!byProcess)("the local stack", () => {
  let stack: LocalStack;
  const deaths: ServerDiedError[] = [];
  beforeAll(async () => {
    stack = await startLocalStack({ onDeath: (error) => deaths.push(error) });
  }, 240_000);
  afterAll(() => stack?.close());

  test("answers CQL", async () => {
    await withCassandra(stack, async (client) => {
      const { rows } = await client.execute("SELECT data_center FROM system.local");
      expect(rows[0]?.get("data_center")).toBe(stack.cassandra.localDataCenter);
    });
  });

  test("keeps an acked write, and its table, when Cassandra is killed and started again", async () => {
    await withCassandra(stack, async (client) => {
      await client.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
      await client.execute("CREATE TABLE k.t (id int PRIMARY KEY)");
      await client.execute("INSERT INTO k.t (id) VALUES (42)");
    });
    await only(stack.cassandra.nodes).kill();
    await only(stack.cassandra.nodes).restart();
    await withCassandra(stack, async (client) => {
      const { rows } = await client.execute("SELECT id FROM k.t");
      expect(rows.map((row) => row.get("id"))).toEqual([42]);
    });
  });

  test("keeps every acked message when NATS is killed and started again", async () => {
    await withNats(stack.nats.servers, async (nats) => {
      const manager = await nats.jetstreamManager();
      await manager.streams.add({ name: "T", subjects: ["t.>"], storage: StorageType.File });
      const acks = await Promise.all(Array.from({ length: 100 }, (_, i) => nats.jetstream().publish(`t.${i}`)));
      expect(Math.max(...acks.map((ack) => ack.seq))).toBe(100);
    });
    const pid = only(stack.nats.nodes).pid;
    await only(stack.nats.nodes).kill();
    expect(isAlive(pid)).toBe(false);
    await only(stack.nats.nodes).restart();
    await withNats(stack.nats.servers, async (nats) => {
      const { state } = await (await nats.jetstreamManager()).streams.info("T");
      expect(state.messages).toBe(100);
    });
  });

  test("a stopped server answers nothing, and goes on where it was when resumed", async () => {
    const node = only(stack.nats.nodes);
    await withNats(stack.nats.servers, async (nats) => {
      node.stop();
      await expect(nats.jetstream().publish("t.late", "", { timeout: 300 })).rejects.toThrow(/timeout/i);
      node.resume();
      expect((await nats.jetstream().publish("t.on")).seq).toBeGreaterThan(100);
    });
  });

  test("does not report the deaths that a test asked for", () => {
    expect(deaths).toEqual([]);
  });
});

describe.skipIf(!byProcess)("a NATS of the local stack", () => {
  test("closes without leaving a process behind, frozen ones included", async () => {
    const nats = await startNats({ nodes: 3 });
    const pids = nats.nodes.map((node) => node.pid);
    expect(pids.map(isAlive)).toEqual([true, true, true]);
    only(nats.nodes.slice(0, 1)).stop();
    await nats.close();
    expect(pids.map(isAlive)).toEqual([false, false, false]);
  });

  test("that dies on its own is reported with its last log lines", async () => {
    const deaths: ServerDiedError[] = [];
    const nats = await startNats({ onDeath: (error) => deaths.push(error) });
    process.kill(only(nats.nodes).pid, "SIGKILL");
    await vi.waitFor(() => expect(deaths).toHaveLength(1));
    expect(only(deaths).message).toMatch(/nats-server .* died \(SIGKILL\)[\s\S]*Server is ready/);
    await nats.close();
  });

  test("refuses a port that is taken, and says which", async () => {
    const first = await startNats();
    const firstPort = only(first.nodes).port;
    await expect(startNats({ firstPort })).rejects.toThrow(new RegExp(`127.0.0.1:${firstPort} is in use`));
    await first.close();
  });
});

describeReal("the servers that test files share", (real) => {
  test("give each suite an empty keyspace of its own", async () => {
    const [one, two] = [await real.keyspace(), await real.keyspace()];
    expect(one).not.toBe(two);
    const client = new Client({ ...real.cassandra, keyspace: one });
    await client.execute("CREATE TABLE t (id int PRIMARY KEY)");
    await client.shutdown();
  });

  test("ack a JetStream publish", async () => {
    await withNats(real.nats.servers, async (nats) => {
      const manager = await nats.jetstreamManager();
      await manager.streams.add({ name: "STACK_TEST", subjects: ["stack-test"], storage: StorageType.File });
      expect((await nats.jetstream().publish("stack-test")).seq).toBe(1);
      await manager.streams.delete("STACK_TEST");
    });
  });
});

async function withCassandra(stack: LocalStack, use: (client: Client) => Promise<void>): Promise<void> {
  const { contactPoints, localDataCenter } = stack.cassandra;
  const client = new Client({ contactPoints: [...contactPoints], localDataCenter });
  try {
    await use(client);
  } finally {
    await client.shutdown();
  }
}

async function withNats(urls: readonly string[], use: (nats: NatsConnection) => Promise<void>): Promise<void> {
  const nats = await connect({ servers: [...urls], maxReconnectAttempts: 0 });
  try {
    await use(nats);
  } finally {
    await nats.close();
  }
}

function only<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined || list.length !== 1) throw new Error(`expected one, found ${list.length}`);
  return one;
}
