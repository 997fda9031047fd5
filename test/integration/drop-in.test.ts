import { Client, concurrent, errors, mapping, types } from "cassandra-driver";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cassandraClientOptions } from "../../src/adapters/cassandra/client-options.ts";
import { type NearkeyClient, UnclearStatementError, WriteLevelError, withNearkey } from "../../src/client.ts";
import { defineKeys, int, key, table, text } from "../../src/index.ts";
import { describeReal } from "../support/real.ts";

const users = table("users", { id: int, name: text, visits: int }, { partition: ["id"], ttl: "never" });
const friendships = table(
  "friendships",
  { user_id: int, friend_id: int },
  { partition: ["user_id"], clustering: { friend_id: "asc" }, ttl: "never" },
);
const user = key("users_{id}").row(users);
const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });
const keys = defineKeys({ user, friends });

const ADA = { id: 42 };
const RENAME = "UPDATE users SET name = ? WHERE id = ?";
/** Which row that is only the server can tell. */
const CALCULATED = "UPDATE users SET name = 'Bea' WHERE id = blobAsInt(0x0000002A)";
const BEFRIEND = "INSERT INTO friendships (user_id, friend_id) VALUES (?, ?)";

describeReal("a client of an existing application, with nearkey", (real) => {
  let keyspace: string;
  let client: NearkeyClient;
  /** Another process of the application. */
  let other: NearkeyClient;

  const connect = async (options: { readonly nats?: string; readonly onUnclear?: "touch-table" } = {}) => {
    const { contactPoints, localDataCenter } = real.cassandra;
    const plain = new Client({
      contactPoints: [...contactPoints],
      localDataCenter,
      keyspace,
      ...cassandraClientOptions(),
    });
    const [nats = ""] = real.nats.servers;
    const made = withNearkey(plain, { keys, nats, namespace: "drop-in", ...options });
    await made.connect();
    return made;
  };

  beforeAll(async () => {
    keyspace = await real.keyspace();
    [client, other] = [await connect(), await connect()];
    await client.execute("CREATE TABLE users (id int PRIMARY KEY, name text, visits int)");
    await client.execute("CREATE TABLE friendships (user_id int, friend_id int, PRIMARY KEY (user_id, friend_id))");
    await client.execute("CREATE TABLE notes (id int PRIMARY KEY, note text)");
    expect(await client.nearkey.cache.whenReady(20_000)).toBe(true);
    expect(await other.nearkey.cache.whenReady(20_000)).toBe(true);
  });
  afterAll(async () => {
    await Promise.all([client?.shutdown(), other?.shutdown()]);
  });

  /** Ada is held in memory, here and there. */
  const held = async (): Promise<void> => {
    for (const { nearkey } of [client, other]) {
      await expect
        .poll(
          async () => {
            await nearkey.cache.get(keys.user, ADA);
            return (await nearkey.cache.answer(keys.user, ADA)).source;
          },
          { timeout: 20_000 },
        )
        .toBe("hit");
    }
  };
  const nameOf = async (of: NearkeyClient, result?: types.ResultSet): Promise<unknown> => {
    const minPosition = result && client.nearkey.positionOf(result);
    return (await of.nearkey.cache.get(keys.user, ADA, minPosition && { minPosition }))?.name;
  };

  beforeEach(async () => {
    await client.execute(RENAME, ["Ada", 42]);
    await held();
  });

  describe("makes stale what it writes, here at once, and for whoever asks for its position", () => {
    const WAYS: readonly (readonly [string, (of: NearkeyClient) => Promise<types.ResultSet | undefined>])[] = [
      ["execute", (of) => of.execute(RENAME, ["Bea", 42], { prepare: true })],
      ["execute without prepare", (of) => of.execute(RENAME, ["Bea", 42])],
      ["execute with literals", (of) => of.execute("UPDATE users SET name = 'Bea' WHERE id = 42")],
      [
        "execute with names",
        (of) => of.execute("UPDATE users SET name = :n WHERE id = :i", { n: "Bea", i: 42 }, { prepare: true }),
      ],
      ["execute with a condition", (of) => of.execute("UPDATE users SET name = 'Bea' WHERE id = 42 IF name = 'Ada'")],
      [
        "execute with a timestamp of its own",
        (of) => of.execute(`UPDATE users USING TIMESTAMP ${Date.now() * 1000 + 5_000} SET name = 'Bea' WHERE id = 42`),
      ],
      [
        "execute with a callback",
        (of) =>
          new Promise((resolve, reject) => {
            of.execute(RENAME, ["Bea", 42], (error, result) => (error ? reject(error) : resolve(result)));
          }),
      ],
      [
        "batch",
        (of) =>
          of.batch(
            [
              { query: RENAME, params: ["Bea", 42] },
              { query: BEFRIEND, params: [42, 7] },
            ],
            { prepare: true },
          ),
      ],
      [
        "a batch in one text",
        (of) =>
          of.execute(
            "BEGIN BATCH UPDATE users SET name = 'Bea' WHERE id = 42; UPDATE users SET name = 'Cy' WHERE id = 7; APPLY BATCH",
          ),
      ],
      [
        "eachRow",
        (of) =>
          new Promise((resolve, reject) => {
            of.eachRow(
              RENAME,
              ["Bea", 42],
              { prepare: true },
              () => {},
              (error, result) => (error ? reject(error) : resolve(result)),
            );
          }),
      ],
      [
        "stream",
        (of) =>
          new Promise((resolve, reject) => {
            of.stream(RENAME, ["Bea", 42], { prepare: true })
              .on("end", () => resolve(undefined))
              .on("error", reject)
              .on("data", () => {});
          }),
      ],
      [
        "concurrent",
        async (of) => {
          const { errors: failed } = await concurrent.executeConcurrent(of, RENAME, [
            ["Bea", 42],
            ["Cy", 7],
          ]);
          expect(failed).toEqual([]);
          return undefined;
        },
      ],
      [
        "the Mapper",
        async (of) => {
          const mapper = new mapping.Mapper(of, { models: { User: { tables: ["users"] } } });
          await mapper.forModel("User").update({ id: 42, name: "Bea" });
          return undefined;
        },
      ],
    ];

    it.each(WAYS)("%s", async (_way, write) => {
      const result = await write(client);
      expect(await nameOf(client)).toBe("Bea");
      if (result !== undefined) {
        expect(client.nearkey.positionOf(result)).toBeDefined();
        expect(await nameOf(other, result)).toBe("Bea");
      }
      await expect.poll(() => nameOf(other)).toBe("Bea");
    });
  });

  it("reads as before, and writes to tables that no key is read from as before", async () => {
    const insert = await client.execute("INSERT INTO notes (id, note) VALUES (1, 'x')");
    expect(client.nearkey.positionOf(insert)).toBeUndefined();
    expect((await client.execute("SELECT name FROM users WHERE id = ?", [42], { prepare: true })).first().name).toBe(
      "Ada",
    );
    const rows: unknown[] = [];
    await new Promise((resolve, reject) => {
      client.eachRow(
        "SELECT name FROM users WHERE id = 42",
        [],
        (_n, row) => rows.push(row.name),
        (error) => (error ? reject(error) : resolve(undefined)),
      );
    });
    expect(rows).toEqual(["Ada"]);
  });

  it("writes what it was called with, whatever the application does with its values meanwhile", async () => {
    const params = ["Bea", 42];
    const writing = client.execute(RENAME, params, { prepare: true });
    params[0] = "Eve";
    await writing;
    expect(await nameOf(client)).toBe("Bea");
  });

  it("says of a condition that did not hold what the driver says", async () => {
    const result = await client.execute("UPDATE users SET name = 'Bea' WHERE id = 42 IF name = 'Nobody'");
    expect(result.wasApplied()).toBe(false);
    expect(await nameOf(client)).toBe("Ada");
  });

  it("fails as the driver does where the server refuses a statement", async () => {
    await expect(client.execute("UPDATE users SET nam = ? WHERE id = ?", ["Bea", 42])).rejects.toThrow(
      errors.ResponseError,
    );
    await expect(client.execute("UPDATE users SET nam = 'Bea' WHERE id = 42")).rejects.toThrow(errors.ResponseError);
    expect(await nameOf(client)).toBe("Ada");
  });

  it("writes nothing of what it cannot tell, and says why and what to do", async () => {
    await expect(client.execute(CALCULATED)).rejects.toThrow(UnclearStatementError);
    await expect(client.execute(CALCULATED)).rejects.toThrow(/not clear: .*touches/);
    const elsewhere = client.execute(RENAME, ["Bea", 42], { prepare: true, keyspace: "system" });
    await expect(elsewhere).rejects.toThrow(/names keyspace system/);
    expect(await nameOf(client)).toBe("Ada");
  });

  it("takes the keys that the application names, and refuses such as no key can give", async () => {
    const touches = [keys.user.text(ADA)];
    const result = await client.execute("UPDATE users SET name = 'Bea' WHERE id = 42", [], { touches });
    expect(await nameOf(other, result)).toBe("Bea");
    const wrong = client.execute("UPDATE users SET name = 'Cy' WHERE id = 42", [], { touches: ["user_42"] });
    await expect(wrong).rejects.toThrow(/no declared key/);
    expect(await nameOf(client)).toBe("Bea");
  });

  it("touches the whole table where it cannot tell, if that is asked for", async () => {
    const lenient = await connect({ onUnclear: "touch-table" });
    expect(await lenient.nearkey.cache.whenReady(20_000)).toBe(true);
    await lenient.execute(CALCULATED);
    await expect.poll(() => nameOf(other)).toBe("Bea");
    await lenient.shutdown();
  });

  it("refuses a level at which reads could miss the write", async () => {
    const weak = client.execute(RENAME, ["Bea", 42], { prepare: true, consistency: types.consistencies.one });
    await expect(weak).rejects.toThrow(WriteLevelError);
    const strong = await client.execute(RENAME, ["Bea", 42], { prepare: true, consistency: types.consistencies.all });
    expect(await nameOf(other, strong)).toBe("Bea");
  });

  it("touches what a TRUNCATE and a change of the schema are about", async () => {
    await client.execute("ALTER TABLE users ADD age int");
    await client.execute("UPDATE users SET age = 36, name = 'Bea' WHERE id = 42");
    await expect.poll(() => nameOf(other)).toBe("Bea");
    await client.execute("TRUNCATE users");
    await expect.poll(() => nameOf(other)).toBeUndefined();
  });

  it("reads, and writes nothing that it could not announce, while NATS cannot be reached", async () => {
    const alone = await connect({ nats: "nats://127.0.0.1:1" });
    expect((await alone.nearkey.cache.get(keys.user, ADA))?.name).toBe("Ada");
    await expect(alone.execute(RENAME, ["Bea", 42], { prepare: true })).rejects.toThrow(
      /could not be (published|checked)/,
    );
    expect((await alone.execute("SELECT name FROM users WHERE id = 42")).first().name).toBe("Ada");
    await alone.shutdown();
  });
});
