import { Agent, createServer, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createDraining } from "../../src/http/draining.ts";
import { PortInUseError, type Served, type ServeOptions, serve } from "../../src/http/serve.ts";
import { send } from "./server.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** Serves `/slow`, which takes 150 ms, `/never`, which takes for ever, and everything else at once. */
async function start(options: Partial<ServeOptions> = {}): Promise<Served> {
  const server = await serve(
    (req, res) => {
      if (req.url === "/never") return;
      setTimeout(() => res.end("done"), req.url === "/slow" ? 150 : 0);
    },
    { port: 0, deadlineMs: 1_000, ...options },
  );
  open.push(() => server.close());
  return server;
}

/** A client that keeps its connection. */
function client(port: number): (path: string) => Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  open.push(() => agent.destroy());
  return (path) =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, agent, host: "127.0.0.1" }, (response) => {
        response.on("error", reject).on("data", (text) => resolve(String(text)));
      });
      sent.on("error", reject).end();
    });
}

async function elapsedMs(of: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await of;
  return performance.now() - before;
}

describe("serve", () => {
  test("listens on a free port of the loopback interface, and says which", async () => {
    const { port } = await start();
    expect(port).toBeGreaterThan(0);
    expect(await client(port)("/")).toBe("done");
  });

  test("names the port that is in use", async () => {
    const { port } = await start();
    const error = await serve(() => {}, { port }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PortInUseError);
    expect(error).toMatchObject({ code: "E_PORT_IN_USE", port, cause: { code: "EADDRINUSE" } });
    expect(String(error)).toContain(`port ${port} is in use`);
  });

  test("passes on what else keeps it from listening", async () => {
    await expect(serve(() => {}, { port: 0, host: "203.0.113.1" })).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
  });
});

describe("close", () => {
  test("lets what is in flight finish, and accepts nothing new", async () => {
    const server = await start();
    const slow = client(server.port)("/slow");
    await sleep(50);
    const closed = server.close();
    await expect(client(server.port)("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await slow).toBe("done");
    await closed;
  });

  test("does not wait for idle connections, even those that never asked for anything", async () => {
    const server = await start({ deadlineMs: 5_000 });
    await client(server.port)("/");
    const silent = connect(server.port, "127.0.0.1");
    open.push(() => silent.destroy());
    await new Promise((resolve) => silent.once("connect", resolve));
    await sleep(20);
    expect(await elapsedMs(server.close())).toBeLessThan(2_500);
  });

  test("ends soon after the last answer on a connection that would be kept", async () => {
    const server = await start({ deadlineMs: 5_000 });
    const slow = client(server.port)("/slow");
    await sleep(50);
    expect(await elapsedMs(server.close())).toBeLessThan(2_500);
    expect(await slow).toBe("done");
  });

  test("cuts off what does not finish within its deadline", async () => {
    const server = await start({ deadlineMs: 100 });
    const never = client(server.port)("/never").catch((error: unknown) => error);
    await sleep(50);
    expect(await elapsedMs(server.close())).toBeGreaterThanOrEqual(95);
    expect(await never).toMatchObject({ code: "ECONNRESET" });
  });

  test("makes the process unready first, and goes on serving while that is noticed", async () => {
    const draining = createDraining();
    const server = await start({ draining, noticeMs: 150 });
    const closed = server.close();
    expect(draining.begun).toBe(true);
    expect(await client(server.port)("/")).toBe("done");
    await closed;
    await expect(client(server.port)("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("tells clients not to keep their connections, from the moment it begins", async () => {
    const server = await start({ noticeMs: 150 });
    const url = `http://127.0.0.1:${server.port}`;
    expect((await send(url, "/")).headers.connection).not.toBe("close");
    const slow = send(url, "/slow");
    await sleep(50);
    const closed = server.close();
    expect((await send(url, "/")).headers.connection).toBe("close");
    expect((await slow).headers.connection).toBe("close");
    await closed;
  });

  test("may be asked for twice", async () => {
    const server = await start();
    await Promise.all([server.close(), server.close()]);
  });

  test("frees the port", async () => {
    const server = await start();
    await server.close();
    const next = createServer();
    open.push(() => next.close());
    await new Promise<void>((resolve, reject) => next.once("error", reject).listen(server.port, "127.0.0.1", resolve));
  });
});
