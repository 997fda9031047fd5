import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeReal } from "../support/real.ts";
import { AppProcess } from "./app-process.ts";

/** The application's own tests: they know nothing of nearkey. */
describeReal("the application", (real) => {
  let app: AppProcess;

  beforeAll(async () => {
    const keyspace = await real.keyspace();
    const client = new Client({ ...real.cassandra, keyspace });
    const schema = await readFile(join(import.meta.dirname, "schema.cql"), "utf8");
    for (const statement of schema.split(";\n").filter(Boolean)) await client.execute(statement);
    await client.shutdown();
    app = await AppProcess.start(real, keyspace);
  });
  afterAll(() => app?.end());

  const get = async (path: string): Promise<unknown> => (await app.get(path)).body;

  it("keeps users: written, read, changed, deleted", async () => {
    expect((await app.get("/users/42")).status).toBe(404);
    expect(await app.send("PUT", "/users/42", { name: "Ada", email: "ada@example.com" })).toBe(204);
    expect(await get("/users/42")).toEqual({ id: 42, name: "Ada", email: "ada@example.com" });
    await app.send("PUT", "/users/42", { name: "Ada L.", email: null });
    expect(await get("/users/42")).toEqual({ id: 42, name: "Ada L.", email: null });
    await app.send("DELETE", "/users/42");
    expect((await app.get("/users/42")).status).toBe(404);
  });

  it("keeps friendships on both sides", async () => {
    expect(await get("/users/1/friends")).toEqual([]);
    expect(await app.send("PUT", "/users/1/friends/2")).toBe(204);
    await app.send("PUT", "/users/3/friends/1");
    expect(await get("/users/1/friends")).toEqual([2, 3]);
    expect(await get("/users/2/friends")).toEqual([1]);
    await app.send("DELETE", "/users/2/friends/1");
    expect(await get("/users/1/friends")).toEqual([3]);
    expect(await get("/users/2/friends")).toEqual([]);
  });

  it("keeps profiles", async () => {
    expect((await app.get("/users/42/profile")).status).toBe(404);
    expect(await app.send("PUT", "/users/42/profile", { motto: "Enchantress of numbers", town: "London" })).toBe(204);
    expect(await get("/users/42/profile")).toEqual({ motto: "Enchantress of numbers", town: "London" });
    await app.send("PUT", "/users/42/profile", { motto: "x", town: "Ockham" });
    expect(await get("/users/42/profile")).toEqual({ motto: "x", town: "Ockham" });
  });

  it("ends when it is told to", async () => {
    expect(await app.end()).toBe(true);
  });
});
