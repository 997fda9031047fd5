import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readmePrograms } from "../package/readme-programs.ts";
import { freePort } from "../support/free-port.ts";
import { describeReal } from "../support/real.ts";

const ROOT = join(import.meta.dirname, "../..");
const ENTRIES = { nearkey: "index", "nearkey/backend": "backend", "nearkey/frontend": "frontend" };

describeReal("the README's backend and frontend", (real) => {
  const running: ChildProcess[] = [];
  let folder = "";
  let ports: readonly number[] = [];

  beforeAll(async () => {
    await mkdir(join(ROOT, ".stack"), { recursive: true });
    folder = await mkdtemp(join(ROOT, ".stack/readme-"));
    for (const { file, text } of readmePrograms(await readFile(join(ROOT, "README.md"), "utf8"))) {
      await writeFile(join(folder, file), text);
    }
    const paths = Object.entries(ENTRIES).map(([name, entry]) => [name, [join(ROOT, `src/${entry}.ts`)]]);
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { module: "NodeNext", paths: Object.fromEntries(paths) } }),
    );
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    ports = [await freePort(), await freePort()];
    const keyspace = await real.keyspace();
    await makeTables(real.cassandra, keyspace);
    const [nats] = real.nats.servers;
    const env = {
      ...process.env,
      KEYSPACE: keyspace,
      NATS: nats,
      CASSANDRA: real.cassandra.contactPoints[0],
      DATACENTER: real.cassandra.localDataCenter,
    };
    for (const [i, file] of ["backend.ts", "frontend.ts"].entries()) {
      const program = spawn(process.execPath, ["--import", "tsx", join(folder, file)], {
        cwd: folder,
        stdio: "inherit",
        env: { ...env, PORT: String(ports[i]) },
      });
      running.push(program);
    }
  });

  afterAll(async () => {
    await Promise.all(
      running.map((program) => new Promise((resolve) => program.once("exit", resolve) && program.kill("SIGKILL"))),
    );
    await rm(folder, { recursive: true, force: true });
  });

  it("take a write and serve it, fresh after the next one", async () => {
    const [backend, frontend] = ports.map((port) => `http://127.0.0.1:${port}`);
    const put = (name: string) =>
      fetch(`${backend}/users/42`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name }),
      });
    await untilAnswered(() => put("Ada"));
    const read = () => fetch(`${frontend}/users/42`);
    await untilAnswered(read);
    expect(await (await read()).json()).toEqual({ id: 42, name: "Ada" });
    expect((await put("Ada L.")).ok).toBe(true);
    await expect.poll(async () => (await read()).json(), { timeout: 10_000 }).toEqual({ id: 42, name: "Ada L." });
    await expect
      .poll(async () => (await read()).headers.get("cache-status"), { timeout: 10_000 })
      .toMatch(/^nearkey; hit/);
  });
});

async function makeTables(
  cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string },
  keyspace: string,
): Promise<void> {
  const client = new Client({
    contactPoints: [...cassandra.contactPoints],
    localDataCenter: cassandra.localDataCenter,
    keyspace,
  });
  await client.execute("CREATE TABLE users (id int PRIMARY KEY, name text)");
  await client.execute(
    "CREATE TABLE friendships (user_id int, friend_id int, since timestamp, PRIMARY KEY (user_id, friend_id))",
  );
  await client.shutdown();
}

async function untilAnswered(ask: () => Promise<Response>): Promise<void> {
  await expect
    .poll(
      () =>
        ask().then(
          (response) => response.ok,
          () => false,
        ),
      { timeout: 40_000, interval: 200 },
    )
    .toBe(true);
}
