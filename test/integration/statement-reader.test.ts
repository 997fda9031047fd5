import { Client, errors } from "cassandra-driver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StatementReader } from "../../src/adapters/cassandra/cql/statement-reader.ts";
import { type Table, table } from "../../src/spec/table.ts";
import { int, text } from "../../src/spec/types/index.ts";
import { describeReal } from "../support/real.ts";

const users = table("users", { id: int, name: text }, { partition: ["id"] });
const byName = table("users", { id: int, name: text }, { partition: ["name"] });
const INSERT = "INSERT INTO users (id, name) VALUES (?, ?)";

describeReal("the statements of a client", (real) => {
  let client: Client;
  let keyspace: string;
  beforeAll(async () => {
    keyspace = await real.keyspace();
    const { contactPoints, localDataCenter } = real.cassandra;
    client = new Client({ contactPoints: [...contactPoints], localDataCenter, keyspace });
    await client.execute("CREATE TABLE users (id int PRIMARY KEY, name text)");
  });
  afterAll(async () => {
    await client.shutdown();
  });

  const readerFor = (of: Table, by = client): StatementReader => new StatementReader(by, { keyspace, tables: [of] });

  async function derive(reader: StatementReader, cql: string, params: unknown): Promise<unknown> {
    const analysed = reader.analyse(cql);
    if (analysed.kind !== "write") throw new Error(`no write: ${cql}`);
    return reader.mutations(cql, analysed, params);
  }

  test("a text that the server does not take is rejected with what the server says", async () => {
    const reader = readerFor(users);
    const unknown = "INSERT INTO users (id, nickname) VALUES (?, ?)";
    await expect(derive(reader, unknown, [1, "x"])).rejects.toThrow(errors.ResponseError);
    expect(await derive(reader, INSERT, [1, "x"])).toMatchObject({ mutations: [{ op: "insert", key: { id: 1 } }] });
  });

  test("of a driver that is built otherwise no statement with markers is understood", async () => {
    for (const part of ["profileManager", "controlConnection"]) {
      const odd: Client = Object.create(client, { [part]: { value: {} } });
      const refusal = { kind: "refused", reason: expect.stringContaining("cassandra-driver") };
      expect(await derive(readerFor(users, odd), INSERT, [1, "x"])).toMatchObject(refusal);
      expect(await derive(readerFor(users, odd), "TRUNCATE users", [])).toMatchObject({ kind: "mutations" });
    }
  });

  test("a table that was made anew with another key is refused, and after clear understood by its new declaration", async () => {
    const [before, after] = [readerFor(users), readerFor(byName)];
    await derive(before, INSERT, [1, "x"]);
    await client.execute("DROP TABLE users");
    await client.execute("CREATE TABLE users (name text PRIMARY KEY, id int)");
    expect(await derive(after, INSERT, [1, "x"])).toMatchObject({ kind: "refused" }); // the driver knows the old key still
    after.clear();
    expect(await derive(after, INSERT, [1, "x"])).toMatchObject({ mutations: [{ key: { name: "x" } }] });
    expect(await derive(before, INSERT, [1, "x"])).toMatchObject({ kind: "refused" });
  });
});
