import { Client } from "cassandra-driver";
import { connect } from "nats";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { users } from "../../schema/social.ts";
import { createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemEntropy as entropy } from "../../src/adapters/system/entropy.ts";
import { makeSocialKeyspace } from "../../src/cli/dev/social-keyspace.ts";
import { createNearCache } from "../../src/engine/create-near-cache.ts";
import { createWriter } from "../../src/engine/create-writer.ts";
import type { WriterOptions } from "../../src/engine/writer-options.ts";
import { insert } from "../../src/index.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import type { Store } from "../../src/ports/store.ts";
import { NatsHub } from "../ports/invalidation-log.nats.ts";
import { describeReal } from "../support/real.ts";

const ADA = insert(users, { id: 42, name: "Ada" });

describeReal("what nearkey rests on, on real servers", (real) => {
  let client: Client;
  let keyspace: string;
  let store: Store;
  let hub: NatsHub;
  let log: InvalidationLog;

  beforeAll(async () => {
    keyspace = await real.keyspace();
    const { contactPoints, localDataCenter } = real.cassandra;
    client = new Client({ contactPoints: [...contactPoints], localDataCenter });
    await client.connect();
    await makeSocialKeyspace(client, keyspace);
    store = createCassandraStore({ client, keyspace });
    hub = new NatsHub(
      () => real.nats.servers,
      (servers) => connect({ servers: [...servers] }),
    );
    log = (await hub.join()).log;
  });
  afterAll(async () => {
    await hub.close();
    await client.shutdown();
  });

  const writerWith = (options: Partial<WriterOptions>) =>
    createWriter({ keys, store, log, clock: systemClock, entropy, ...options });
  const clockAhead = (byMs: number): Clock => ({
    now: () => ({ monotonicMs: systemClock.now().monotonicMs, wallMs: systemClock.now().wallMs + byMs }),
    after: (...args) => systemClock.after(...args),
  });
  const change = async (config: object) => {
    const [name] = await hub.streams();
    const live = (await hub.admin(`STREAM.INFO.${name}`)).config as object;
    expect((await hub.admin(`STREAM.UPDATE.${name}`, { ...live, ...config })).error).toBeUndefined();
  };

  it("holds as the stack is set up: a writer writes, a frontend becomes ready", async () => {
    const writer = writerWith({});
    expect((await writer.write(ADA)).applied).toBe(true);
    const cache = createNearCache({ keys, store, log, clock: systemClock, entropy });
    cache.start();
    expect(await cache.whenReady(20_000)).toBe(true);
    await cache.close();
    await writer.close();
  });

  it("does not hold for a writer whose clock is a few seconds off, whichever way: it writes nothing", async () => {
    await expect(writerWith({ clock: clockAhead(5_000) }).write(ADA)).rejects.toThrow(/ms ahead of the log's/);
    await expect(writerWith({ clock: clockAhead(-5_000) }).write(ADA)).rejects.toThrow(/ms behind the log's/);
    await expect(writerWith({ clock: clockAhead(300) }).write(ADA)).resolves.toMatchObject({ applied: true });
  });

  it("does not hold while the stream forgets before a fence may end", async () => {
    await change({ max_age: 20_000_000_000, duplicate_window: 20_000_000_000 });
    await expect(writerWith({}).write(ADA)).rejects.toThrow(/keeps messages for 20000 ms.*Raise max_age/);
    const cache = createNearCache({ keys, store, log, clock: systemClock, entropy });
    cache.start();
    await expect(cache.whenReady(20_000)).rejects.toThrow(/keeps messages for 20000 ms/);
    await cache.close();
    await change({ max_age: 3_600_000_000_000 });
    await expect(writerWith({}).write(ADA)).resolves.toMatchObject({ applied: true });
  });

  it("does not hold for levels that the keyspace's replication keeps apart", async () => {
    const apart = createCassandraStore({ client, keyspace, level: { write: "ONE", strongRead: "ONE" } });
    await expect(writerWith({ store: apart }).write(ADA), "one replica: they meet").resolves.toBeDefined();
    await client.execute(
      `ALTER KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}`,
    );
    await expect(writerWith({ store: apart }).write(ADA)).rejects.toThrow(/reads need not meet writes: ONE with ONE/);
  });
});
