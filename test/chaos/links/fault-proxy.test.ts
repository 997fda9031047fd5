import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { WHOLE } from "./link-state.ts";

const SOON = { timeout: 5_000, interval: 5 };
/** Long enough for bytes that are under way on loopback to arrive, if any are. */
const A_WHILE_MS = 100;

/** One end of a connection, and all that it was told. */
class End {
  readonly socket: Socket;
  received = "";
  closed: "no" | "ended" | "reset" = "no";

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8").on("data", (text: string) => {
      this.received += text;
    });
    socket.on("error", () => {
      this.closed = "reset";
    });
    socket.on("end", () => {
      this.closed = "ended";
    });
  }
}

describe("a link with faults", () => {
  let server: Server;
  let proxy: FaultProxy;
  let arrivals: End[];
  let ends: End[];

  beforeEach(async () => {
    arrivals = [];
    ends = [];
    server = createServer((socket) => arrivals.push(new End(socket)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    proxy = await startFaultProxy({ address: "127.0.0.1", port: 0 }, { address: "127.0.0.1", port: address.port });
  });
  afterEach(async () => {
    await proxy.close();
    for (const end of [...arrivals, ...ends]) end.socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = (): End => {
    const end = new End(connect({ host: "127.0.0.1", port: proxy.port }));
    ends.push(end);
    return end;
  };
  /** A client and the server's end of its connection, both known to work. */
  const connected = async (): Promise<{ readonly client: End; readonly atServer: End }> => {
    const before = arrivals.length;
    const client = call();
    client.socket.write("hello ");
    await expect.poll(() => arrivals[before]?.received, SOON).toBe("hello ");
    const atServer = arrivals[before];
    if (atServer === undefined) throw new Error("nobody called");
    return { client, atServer };
  };

  it("passes everything both ways, and tells each side when the other has gone", async () => {
    const { client, atServer } = await connected();
    const large = "x".repeat(3_000_000);
    client.socket.write(large);
    atServer.socket.write("answer");
    await expect.poll(() => atServer.received.length, SOON).toBe("hello ".length + large.length);
    await expect.poll(() => client.received, SOON).toBe("answer");
    expect(proxy.counters).toMatchObject({ accepted: 1, reset: 0, bytesLost: 0, bytesLate: 0 });
    client.socket.end();
    await expect.poll(() => atServer.closed, SOON).toBe("ended");
  });

  it("cut, resets what is connected and whoever calls, and serves again once mended", async () => {
    const { client, atServer } = await connected();
    proxy.set({ kind: "cut" });
    await expect.poll(() => [client.closed, atServer.closed], SOON).toEqual(["reset", "reset"]);
    const late = call();
    await expect.poll(() => late.closed, SOON).toBe("reset");
    expect(arrivals).toHaveLength(1);
    expect(proxy.counters.reset).toBe(2);
    proxy.set(WHOLE);
    await connected();
  });

  it("half-open, keeps the sockets and loses what is sent, also that one side has gone", async () => {
    const { client, atServer } = await connected();
    proxy.set({ kind: "half-open", direction: "both" });
    client.socket.write("lost");
    atServer.socket.write("lost, too");
    await expect.poll(() => proxy.counters.bytesLost, SOON).toBe("lostlost, too".length);
    atServer.socket.destroy();
    const other = call();
    other.socket.write("nobody hears");
    await pause(A_WHILE_MS);
    expect([client.closed, client.received, other.closed]).toEqual(["no", "", "no"]);
    expect(arrivals[1]?.received ?? "").toBe("");
    proxy.set(WHOLE);
    // A stream with a hole in it is none.
    await expect.poll(() => [client.closed, other.closed], SOON).toEqual(["reset", "reset"]);
    expect((await connected()).client.closed).toBe("no");
  });

  it("half-open in one direction, goes on in the other", async () => {
    const { client, atServer } = await connected();
    proxy.set({ kind: "half-open", direction: "to-client" });
    atServer.socket.write("lost");
    client.socket.write("heard");
    await expect.poll(() => atServer.received, SOON).toBe("hello heard");
    await expect.poll(() => proxy.counters.bytesLost, SOON).toBe("lost".length);
    expect(client.received).toBe("");
  });

  it("stalled, brings everything late, whole and in order", async () => {
    const { client, atServer } = await connected();
    proxy.set({ kind: "stalled", direction: "to-server" });
    const words = Array.from({ length: 50 }, (_, i) => `${i} `);
    for (const word of words) client.socket.write(word);
    atServer.socket.write("in time");
    await expect.poll(() => client.received, SOON).toBe("in time");
    await pause(A_WHILE_MS);
    expect(atServer.received).toBe("hello ");
    proxy.set(WHOLE);
    await expect.poll(() => atServer.received, SOON).toBe(`hello ${words.join("")}`);
    expect(proxy.counters).toMatchObject({ bytesLost: 0, bytesLate: words.join("").length });
  });

  it("slow, brings everything later, in order, also what is sent once it is fast again", async () => {
    const { client, atServer } = await connected();
    proxy.set({ kind: "slow", delayMs: 20 });
    client.socket.write("first ");
    await expect.poll(() => atServer.received, SOON).toBe("hello first ");
    proxy.set({ kind: "slow", delayMs: 3_600_000 });
    client.socket.write("second ");
    await pause(A_WHILE_MS);
    expect(atServer.received).toBe("hello first ");
    proxy.set(WHOLE);
    client.socket.write("third");
    await expect.poll(() => atServer.received, SOON).toBe("hello first second third");
    expect(proxy.counters.bytesLate).toBe("first second ".length);
  });

  it("stalled with more than it holds, loses nothing", async () => {
    const { client, atServer } = await connected();
    proxy.set({ kind: "stalled", direction: "both" });
    const large = "y".repeat(4_000_000);
    client.socket.write(large);
    await pause(A_WHILE_MS);
    proxy.set(WHOLE);
    await expect.poll(() => atServer.received.length, SOON).toBe("hello ".length + large.length);
  });
});
