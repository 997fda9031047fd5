import { readFile } from "node:fs/promises";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tables } from "../../schema/social.ts";
import { createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { driverEncoding } from "../../src/adapters/cassandra/codec.ts";
import { int, type Table, table, text, timestamp } from "../../src/index.ts";
import type { SchemaDifference } from "../../src/ports/store.ts";
import { describeReal } from "../support/real.ts";

describeReal("schema/social.cql on a real Cassandra", (real) => {
  let client: Client;
  let keyspace: string;

  beforeAll(async () => {
    keyspace = await real.keyspace();
    client = new Client({
      ...real.cassandra,
      keyspace,
      encoding: driverEncoding,
      socketOptions: { readTimeout: 60_000 },
    });
    const cql = await readFile(new URL("../../schema/social.cql", import.meta.url), "utf8");
    for (const statement of statementsOf(cql)) await client.execute(statement);
  });
  afterAll(() => client?.shutdown());

  const differences = (declared: readonly Table[]): Promise<readonly SchemaDifference[]> =>
    createCassandraStore({ client, keyspace }).compareSchema(declared);

  test("is what schema/social.ts declares: types, keys, order, statics, TTL", async () => {
    expect(await differences(tables)).toEqual([]);
  });

  test("has no table and no column besides", async () => {
    const query = "SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = ?";
    const { rows } = await client.execute(query, [keyspace]);
    const live = rows.map((row) => `${row.get("table_name")}.${row.get("column_name")}`).sort();
    const declared = tables.flatMap(({ name, columns }) => Object.keys(columns).map((column) => `${name}.${column}`));
    expect(live).toEqual([...declared].sort());
  });

  test("would be seen to differ: another type, another order, a static column that is none", async () => {
    const friendships = table(
      "friendships",
      { user_id: int, friend_id: int, since: text },
      { partition: ["user_id"], clustering: { friend_id: "desc" }, static: ["since"] },
    );
    const users = table("users", { id: int, joined: timestamp, age: int }, { partition: ["id"] });
    const found = await differences([friendships, users]);
    expect(found.map((each) => `${each.table}.${each.column}`).sort()).toEqual([
      "friendships.friend_id",
      "friendships.since",
      "users.age",
    ]);
  });
});

/** The statements of the file, which holds no semicolon in a string. */
function statementsOf(cql: string): readonly string[] {
  return cql
    .replace(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
