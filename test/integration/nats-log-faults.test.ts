import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type NatsCluster, type NatsNode, startNats } from "../../docker/stack/nats.ts";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError, LogUnknownError } from "../../src/ports/log-errors.ts";
import { sequence } from "../../src/protocol/position.ts";
import { Ear } from "../ports/invalidation-log.ear.ts";
import { clients, NatsHub } from "../ports/invalidation-log.nats.ts";
import { describeReal } from "../support/real.ts";

const DEADLINE = { deadlineMs: 5_000 };
const fromStart = { sequence: sequence(1) };
const announce = (log: InvalidationLog, body: string, deadlineMs = 5_000) =>
  log.append("announcement", body, { id: body, deadlineMs });
const outcome = (append: Promise<unknown>): Promise<string> =>
  append.then(
    () => "stored",
    (error: Error) => error.name,
  );

describeReal("the NATS log, when things break", () =>
  describe.each(clients)("with $client", ({ connect }) => {
    let nats: NatsCluster;
    let node: NatsNode;
    let hub: NatsHub;

    beforeAll(async () => {
      nats = await startNats();
      const [first] = nats.nodes;
      if (first === undefined) throw new Error("no server was started");
      node = first;
    }, 240_000);
    afterAll(() => nats?.close());

    beforeEach(() => {
      hub = new NatsHub(() => nats.servers, connect);
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === "fail") await node.restart(); // whatever it did to the server is not for the next test
      await hub.close();
    });

    it("loses nothing that was acknowledged when the server is killed and started again, and listeners hear on", async () => {
      const { log } = await hub.join();
      const ear = await Ear.on(await hub.connect());
      const bodies = Array.from({ length: 300 }, (_, i) => `${i}`);
      const appends = bodies.map((body) => announce(log, body).then((at) => ({ at, body })));
      await appends[99];
      await node.kill();
      const settled = await Promise.allSettled(appends);
      const acknowledged = settled.flatMap((append) => (append.status === "fulfilled" ? [append.value] : []));
      expect(acknowledged.length).toBeGreaterThanOrEqual(100);
      await ear.until(() => ear.turns === "+-");
      await node.restart();
      await ear.until(() => ear.turns === "+-+" && log.connected);
      const { records } = await log.read(fromStart, 1_000, DEADLINE);
      for (const { at, body } of acknowledged) expect(records[at.sequence - 1]?.body).toBe(body);
      const next = await announce(log, "after");
      await ear.until(() => ear.bodies.includes("after"));
      expect(ear.heard.at(-1)).toMatchObject(next);
    });

    it("fails at once, with nothing stored, while the server is gone; and knows what it does not know", async () => {
      const { log, told } = await hub.join();
      const { log: other } = await hub.join();
      node.stop();
      const inFlight = outcome(announce(log, "in flight", 30_000));
      const tick = outcome(log.append("tick", "tick", { deadlineMs: 30_000 }));
      const read = outcome(log.read(fromStart, 1, { deadlineMs: 30_000 }));
      const pulse = outcome(other.requestPulse({ deadlineMs: 30_000 }));
      await sleep(100);
      const killed = performance.now();
      await node.kill();
      expect(await Promise.all([inFlight, tick, read, pulse])).toEqual([
        LogUnknownError.name,
        LogUnknownError.name,
        LogUnavailableError.name,
        LogUnavailableError.name,
      ]);
      expect(performance.now() - killed).toBeLessThan(15_000); // not at the deadline of 30 s
      expect(log.connected).toBe(false);
      expect(told.lines.at(-1)).toContain("log-disconnected");
      const asked = performance.now();
      expect(await outcome(announce(log, "a", 30_000))).toBe(LogUnavailableError.name);
      expect(await outcome(log.append("tick", "a", { deadlineMs: 30_000 }))).toBe(LogUnavailableError.name);
      expect(await outcome(log.read(fromStart, 1, { deadlineMs: 30_000 }))).toBe(LogUnavailableError.name);
      expect(await outcome(log.requestPulse({ deadlineMs: 30_000 }))).toBe(LogUnavailableError.name);
      expect(performance.now() - asked).toBeLessThan(15_000);
      await node.restart();
      await expect.poll(() => log.connected && other.connected, { timeout: 5_000 }).toBe(true);
      expect((await log.read(fromStart, 10, DEADLINE)).records.map(({ body }) => body)).not.toContain("a");
    });

    it("says unknown when the server stalls past the deadline, and a second try with the same id stores it once", async () => {
      const { log } = await hub.join();
      await announce(log, "before");
      node.stop();
      expect(await outcome(announce(log, "paused", 300))).toBe(LogUnknownError.name);
      expect(await outcome(log.append("tick", "tick", { deadlineMs: 300 }))).toBe(LogUnknownError.name);
      node.resume();
      const at = await announce(log, "paused");
      expect(await announce(log, "paused")).toEqual(at);
      await announce(log, "after");
      const { records } = await log.read(fromStart, 10, DEADLINE);
      expect(records.map((record) => record.body)).toEqual(["before", "paused", "tick", "after"]);
    });

    it("sends an announcement again while the server stalls, never a tick, and stores each once", async () => {
      // Slow pings, so that it is a stall and not a lost connection.
      const { log } = await hub.join({ extra: { pingInterval: 60_000 } });
      await announce(log, "before");
      node.stop();
      const appends = Promise.all([
        announce(log, "announced", 10_000),
        log.append("tick", "ticked", { deadlineMs: 10_000 }),
      ]);
      await sleep(2_500); // longer than one attempt
      node.resume();
      const positions = await appends;
      expect(positions.map((position) => position.sequence).sort()).toEqual([2, 3]);
      await announce(log, "after");
      const { records } = await log.read(fromStart, 10, DEADLINE);
      expect(records.map((record) => record.body).sort()).toEqual(["after", "announced", "before", "ticked"]);
    });

    it("notices within seconds a server that is there and answers nothing", async () => {
      const { log } = await hub.join();
      const ear = await Ear.on(log);
      node.stop();
      const stopped = performance.now();
      await ear.until(() => ear.turns === "+-");
      expect(performance.now() - stopped).toBeLessThan(30_000); // not the client's own four minutes
      expect(log.connected).toBe(false);
      node.resume();
      await ear.until(() => ear.turns === "+-+");
      const at = await announce(log, "after");
      await ear.untilHeard(1);
      expect(ear.heard[0]).toMatchObject(at);
    });

    it("shows a cut as a jump in the sequences, which a read fills", async () => {
      const { log } = await hub.join();
      const { log: cut, connection } = await hub.join();
      const ear = await Ear.on(cut);
      await announce(log, "1");
      await ear.untilHeard(1);
      await connection.reconnect();
      await ear.until(() => ear.turns === "+-");
      for (let i = 2; i <= 20; i++) await announce(log, `${i}`);
      await ear.until(() => ear.turns === "+-+");
      await announce(log, "21");
      await ear.until(() => ear.sequences.at(-1) === 21);
      expect(ear.sequences).not.toContain(5);
      const missed = await cut.read({ sequence: sequence(1) }, 100, DEADLINE);
      expect(missed.records[0]).toEqual(ear.heard[0]); // the resume rule: our own last one is still the same
      expect(missed.records.map((record) => record.sequence)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    });

    it("leaves the connection to its owner when it is closed", async () => {
      const { log, connection } = await hub.join();
      const ear = await Ear.on(log);
      await log.close();
      expect(connection.isClosed()).toBe(false);
      await connection.rtt();
      expect(ear.turns).toBe("+");
      await connection.close();
    });

    it("says disconnected, for good, when the owner closes the connection, and unknown of what was under way", async () => {
      const { log, connection, told } = await hub.join();
      const ear = await Ear.on(log);
      node.stop();
      const inFlight = outcome(announce(log, "in flight", 30_000));
      await sleep(50);
      await connection.close();
      expect(await inFlight).toBe(LogUnknownError.name);
      node.resume();
      await ear.until(() => ear.turns === "+-");
      expect(await outcome(announce(log, "a"))).toBe(LogUnavailableError.name);
      await expect.poll(() => told.lines.at(-1)).toContain("ended for good");
    });
  }),
);
