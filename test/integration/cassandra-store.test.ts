import { types } from "cassandra-driver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { StoreReadError } from "../../src/ports/store-errors.ts";
import { insert, update } from "../../src/spec/mutation.ts";
import { table } from "../../src/spec/table.ts";
import { bigint, frozen, int, text, udt } from "../../src/spec/types/index.ts";
import { storeConformance } from "../ports/store.conformance.ts";
import { connectTo, openCassandra } from "../ports/store-cassandra.ts";
import { fresh, Subject } from "../ports/store-subject.ts";
import { people } from "../ports/store-tables.ts";
import { describeReal } from "../support/real.ts";

describeReal("the Cassandra store", (real) => {
  storeConformance("Cassandra", () => openCassandra(real));
});

describeReal("the Cassandra store, beyond the promises of every store,", (real) => {
  let opened: Awaited<ReturnType<typeof openCassandra>>;
  let subject: Subject;
  beforeAll(async () => {
    opened = await openCassandra(real);
    subject = new Subject(opened);
  });
  afterAll(async () => {
    await opened.close();
  });

  it("writes at exactly the timestamp given, one for a whole batch", async () => {
    const [a, b] = [fresh(), fresh()];
    const timestamp = 1_795_000_000_123_457;
    await subject.write(timestamp, insert(people, { id: a, name: "a" }), update(people, { id: b }, { name: "b" }));
    await subject.write(timestamp + 2, update(people, { id: b }, { email: "b" }));
    const cql = `SELECT WRITETIME(name) AS name, WRITETIME(email) AS email FROM ${opened.keyspace}.people WHERE id = ?`;
    const [ofA, ofB] = await Promise.all([a, b].map((id) => opened.client.execute(cql, [id], { prepare: true })));
    expect(String(ofA?.first().name)).toBe(String(timestamp));
    expect([ofB?.first().name, ofB?.first().email].map(String)).toEqual([timestamp, timestamp + 2].map(String));
  });

  it("tells of a default TTL where none may be, and of fields of a type that differ", async () => {
    const { client, keyspace } = opened;
    const options = { readTimeout: 60_000, consistency: types.consistencies.localOne };
    await client.execute(
      `CREATE TABLE ${keyspace}.brief (id int PRIMARY KEY) WITH default_time_to_live = 600`,
      [],
      options,
    );
    const address = frozen(udt("address", { street: text, zip: bigint }));
    await client.execute(`CREATE TABLE ${keyspace}.homes (id int PRIMARY KEY, home frozen<address>)`, [], options);
    const declared = [
      table("brief", { id: int }, { partition: ["id"], ttl: "never" }),
      table("homes", { id: int, home: address }, { partition: ["id"], ttl: "may" }),
    ];
    expect(await subject.store.compareSchema(declared)).toEqual([
      { table: "brief", column: undefined, declared: 'ttl: "never"', live: "default_time_to_live = 600" },
      {
        table: "homes",
        column: "home",
        declared: "address(street text, zip bigint)",
        live: "address(street text, zip int)",
      },
    ]);
  });

  it("names its levels and the replication they were checked against; a keyspace that is not there is an error", async () => {
    const weak = createCassandraStore({ ...opened, level: { strongRead: "LOCAL_ONE" } });
    const { words } = await weak.checkLevels();
    expect(words).toContain("LOCAL_QUORUM with LOCAL_ONE, SimpleStrategy");
    const nowhere = createCassandraStore({ ...opened, keyspace: "nowhere" });
    await expect(nowhere.checkLevels()).rejects.toThrow(StoreReadError);
  });

  it("leaves the client to whoever gave it, unless told otherwise", async () => {
    const client = connectTo(real);
    const { keyspace } = opened;
    const [first, second] = [
      createCassandraStore({ client, keyspace }),
      createCassandraStore({ client, keyspace, closeClient: true }),
    ];
    await first.ping({ deadlineMs: 5_000 });
    await first.close();
    await second.ping({ deadlineMs: 5_000 });
    await second.close();
    await expect(client.execute("SELECT key FROM system.local")).rejects.toThrow();
  });
});
