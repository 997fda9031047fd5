import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeReal } from "../support/real.ts";
import { AppProcess } from "./app-process.ts";

const RUN_MS = 12_000;
const BOUND_MS = 10_000;
const USERS = [1, 2, 3, 4, 5];

interface Heard {
  readonly sentAtMs: number;
  readonly user: number;
  readonly version: number;
}

interface Acknowledged {
  readonly atMs: number;
  readonly version: number;
}

describeReal("the application with nearkey, in two processes", (real) => {
  let plain: Client;
  let keyspace: string;
  const apps: AppProcess[] = [];
  const start = async (): Promise<AppProcess> => {
    const app = await AppProcess.start(real, keyspace);
    apps.push(app);
    return app;
  };

  beforeAll(async () => {
    keyspace = await real.keyspace();
    plain = new Client({ ...real.cassandra, keyspace });
    const schema = await readFile(join(import.meta.dirname, "schema.cql"), "utf8");
    for (const statement of schema.split(";\n").filter(Boolean)) await plain.execute(statement);
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.end()));
    await plain?.shutdown();
  });

  it("answers reads from memory: what is written past it is not seen, what is written through either process is", async () => {
    const [one, two] = [await start(), await start()];
    await one.send("PUT", "/users/42", { name: "Ada", email: null });
    const nameAt = async (app: AppProcess) => Object((await app.get("/users/42")).body).name;
    const past = async (name: string) => plain.execute(`UPDATE users SET name = '${name}' WHERE id = 42`);
    // It is held once a write past it is not seen.
    let n = 0;
    await expect
      .poll(
        async () => {
          await nameAt(two);
          const name = `past ${++n}`;
          await past(name);
          return (await nameAt(two)) !== name;
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBe(true);
    await one.send("PUT", "/users/42", { name: "Ada L.", email: null });
    await expect.poll(() => nameAt(two)).toBe("Ada L.");
  });

  it("never answers what was overwritten more than the bound ago, also while a process is killed and comes back", {
    timeout: 90_000,
  }, async () => {
    const acknowledged = new Map<number, Acknowledged[]>();
    const heard: Heard[] = [];
    let [one = await start(), two = await start()] = apps;
    let version = 0;
    let over = false;
    const write = async (): Promise<void> => {
      while (!over) {
        const user = USERS[version % USERS.length] ?? 1;
        const mine = ++version;
        const app = mine % 2 === 0 ? one : two;
        const status = await app.send("PUT", `/users/${user}`, { name: String(mine), email: null }).catch(() => 0);
        if (status === 204)
          acknowledged.set(user, [...(acknowledged.get(user) ?? []), { atMs: performance.now(), version: mine }]);
        await pause(20);
      }
    };
    const read = async (): Promise<void> => {
      for (let i = 0; !over; i++) {
        const user = USERS[i % USERS.length] ?? 1;
        const sentAtMs = performance.now();
        const answer = await (i % 2 === 0 ? one : two).get(`/users/${user}`).catch(() => undefined);
        if (answer?.status === 200) heard.push({ sentAtMs, user, version: Number(Object(answer.body).name) });
        await pause(2);
      }
    };
    const work = [write(), read(), read()];
    await pause(RUN_MS / 3);
    two.kill();
    two = await start();
    await pause(RUN_MS / 3 + BOUND_MS);
    one.kill();
    one = await start();
    await pause(RUN_MS / 3);
    over = true;
    await Promise.all(work);
    const stale = heard.filter(({ sentAtMs, user, version: found }) =>
      (acknowledged.get(user) ?? []).some(({ atMs, version: later }) => later > found && atMs < sentAtMs - BOUND_MS),
    );
    expect(stale).toEqual([]);
    expect(heard.length).toBeGreaterThan(500);
    expect([...acknowledged.values()].flat().length).toBeGreaterThan(100);
  });
});
