import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeSocialKeyspace } from "../../src/cli/dev/social-keyspace.ts";
import { NearkeyChild } from "../cli/nearkey-child.ts";
import { describeReal } from "../support/real.ts";

const START = 120_000; // three processes at once, on a machine that runs the servers too
const SOON = { timeout: 10_000, interval: 20 };

interface Read {
  readonly status: number;
  readonly body: unknown;
  readonly cacheStatus: string;
}

async function read(url: string): Promise<Read> {
  const response = await fetch(url);
  return {
    status: response.status,
    body: await response.json(),
    cacheStatus: response.headers.get("cache-status") ?? "",
  };
}

async function write(method: string, url: string, body: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  await response.arrayBuffer();
  return response.status;
}

describeReal("nearkey backend and nearkey frontend on real servers", (real) => {
  const children: NearkeyChild[] = [];
  let client: Client;
  let backendUrl: string;
  let frontendUrls: readonly string[];
  let flags: readonly string[];
  let keyspace: string;

  const start = (role: string, ...more: string[]): NearkeyChild => {
    const child = new NearkeyChild([role, ...flags, "--port", "0", ...more]);
    children.push(child);
    return child;
  };
  const serving = async (child: NearkeyChild): Promise<string> => {
    await child.line("serving", START);
    const url = String((await child.line("listening")).url);
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz?strict`)).status).toBe(200), SOON);
    return url;
  };

  beforeAll(async () => {
    keyspace = await real.keyspace();
    const { contactPoints, localDataCenter } = real.cassandra;
    client = new Client({ contactPoints: [...contactPoints], localDataCenter });
    await client.connect();
    await makeSocialKeyspace(client, keyspace);
    flags = [
      ...["--keys", "keyspec/index.ts", "--keyspace", keyspace],
      ...["--contact-points", contactPoints.join(","), "--nats-servers", real.nats.servers.join(",")],
      ...["--namespace", keyspace.replaceAll("_", "-").slice(0, 32)],
    ];
    const started = [start("backend"), start("frontend"), start("frontend")];
    const [backend = "", ...frontends] = await Promise.all(started.map(serving));
    backendUrl = backend;
    frontendUrls = frontends;
  }, START);

  afterAll(async () => {
    await Promise.all(children.map((child) => child.end()));
    await client?.shutdown();
  });

  test("what is written through the backend is what both frontends serve", async () => {
    expect(await write("PUT", `${backendUrl}/users/42`, { name: "Ada" })).toBe(200);
    for (const url of frontendUrls) {
      expect(await read(`${url}/users/42`)).toMatchObject({ status: 200, body: { name: "Ada" } });
      expect((await read(`${url}/users/42`)).cacheStatus).toMatch(/^nearkey; hit; ttl=\d+$/);
    }
    expect(await write("PATCH", `${backendUrl}/users/42`, { name: "Grace" })).toBe(200);
    for (const url of frontendUrls) {
      await expect.poll(async () => (await read(`${url}/users/42`)).body, SOON).toMatchObject({ name: "Grace" });
    }
  });

  test("a list is evicted by a write to one of its rows, and so is a view of it", async () => {
    const [url = ""] = frontendUrls;
    await write("PUT", `${backendUrl}/users/7`, { name: "Bob" });
    expect((await read(`${url}/users/42/friends/names`)).body).toEqual([]);
    await write("PUT", `${backendUrl}/friendships/42/7`, { since: "2026-11-21T00:00:00.000Z" });
    const names = async () => (await read(`${url}/users/42/friends/names`)).body;
    await expect.poll(names, SOON).toEqual([{ id: 7, name: "Bob" }]);
    await write("PATCH", `${backendUrl}/users/7`, { name: "Bobby" });
    await expect.poll(names, SOON).toEqual([{ id: 7, name: "Bobby" }]);
  });

  test("a data centre that is not there is refused, with those that are", { timeout: START }, async () => {
    const child = start("frontend", "--local-dc", "atlantis");
    expect(await child.exit()).toBe(1);
    expect(child.stderr).toMatch(/^E_CONNECT_REFUSED: Cassandra: .*'atlantis'.*\[\w+\]/);
  });

  test("asked to stop, they finish and end with 0", { timeout: START }, async () => {
    const running = children.filter((child) => child.lines.some(({ msg }) => msg === "serving"));
    expect(running).toHaveLength(3);
    for (const child of running) child.signal("SIGTERM");
    expect(await Promise.all(running.map((child) => child.exit()))).toEqual([0, 0, 0]);
    for (const child of running) {
      expect(child.lines.map(({ level }) => level)).not.toContain("fatal");
      expect(child.stderr).toBe("");
    }
  });

  test("a schema that is not as declared is named column by column", { timeout: START }, async () => {
    await client.execute(`ALTER TABLE ${keyspace}.users DROP email`);
    await client.execute(`DROP TABLE ${keyspace}.messages`);
    const child = start("backend");
    expect(await child.exit()).toBe(1);
    expect(child.stderr).toMatch(/^E_SCHEMA_MISMATCH: The tables of keyspace \w+ are not as declared/);
    expect(child.stderr).toContain("  users.email: declared text, in Cassandra no column\n");
    expect(child.stderr).toContain("  messages: declared a table, in Cassandra no table\n");
  });

  test("levels that do not overlap are refused, or labelled when allowed", { timeout: START }, async () => {
    const other = await real.keyspace();
    await makeSocialKeyspace(client, other);
    await client.execute(
      `ALTER KEYSPACE ${other} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}`,
    );
    const weak = ["--keyspace", other, "--read-level", "ONE", "--write-level", "ONE"];
    const refused = start("frontend", ...weak);
    const allowed = start("frontend", ...weak, "--allow-weak");
    expect(await refused.exit()).toBe(1);
    expect(refused.stderr).toMatch(/^E_ASSUMPTION: .*ONE with ONE, SimpleStrategy.*--allow-weak/);
    expect(await allowed.line("assumption-broken", START)).toMatchObject({
      level: "error",
      words: expect.stringContaining("ONE with ONE"),
    });
    const answer = await fetch(`${await serving(allowed)}/users/42`);
    expect([answer.status, answer.headers.get("nearkey-coherent")]).toEqual([404, "?0"]);
  });
});
