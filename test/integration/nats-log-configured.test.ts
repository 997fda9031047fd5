import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { installNats } from "../../docker/stack/nats-install.ts";
import { freePorts } from "../../docker/stack/ports.ts";
import { keys } from "../../keyspec/index.ts";
import { createNatsRoster } from "../../src/adapters/nats/roster.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { catalogOf } from "../../src/index.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { sequence } from "../../src/protocol/position.ts";
import { Ear } from "../ports/invalidation-log.ear.ts";
import { clients, NatsHub } from "../ports/invalidation-log.nats.ts";
import { describeReal } from "../support/real.ts";

const DEADLINE = { deadlineMs: 5_000 };
const { exported } = catalogOf(keys);
const fromStart = { sequence: sequence(1) };

/** The table in src/adapters/nats/subjects.ts, for any namespace of these tests. */
const shared = ["inv.*.tick", "pulse.*", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.INFO.*", "$JS.API.DIRECT.GET.*"];
const users = {
  admin: {},
  backend: role(
    ["inv.*.announcement", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.DELETE.*", ...shared],
    ["r.inv.>", "pulse.*", "roster.*", "_INBOX_be.>"],
  ),
  frontend: role(shared, ["r.inv.>", "pulse.*", "roster.*", "_INBOX_fe.>"]),
  check: { permissions: { publish: ["roster.*"], subscribe: ["_INBOX_ck.>"] } },
  shy: role(shared, ["r.inv.>", "pulse.*", "_INBOX_shy.>"]),
  deaf: role(shared, ["_INBOX_deaf.>"]),
  mute: role(["nothing"], ["r.inv.>", "_INBOX_mute.>"]),
};

function role(publish: readonly string[], subscribe: readonly string[]): object {
  return { permissions: { publish, subscribe, allow_responses: true } };
}

describeReal("the NATS log on a server with users, a domain and limits", () =>
  describe.each(clients)("with $client", ({ connect }) => {
    let dir: string;
    let server: ChildProcess;
    let url: string;
    let hub: NatsHub;

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), "nearkey-nats-"));
      const [port] = await freePorts("127.0.0.1", 1);
      url = `nats://127.0.0.1:${port}`;
      const list = Object.entries(users).map(([user, rest]) => ({ user, password: "secret", ...rest }));
      const config = {
        host: "127.0.0.1",
        port,
        max_payload: 100_000,
        jetstream: { store_dir: dir, domain: "hub" },
        authorization: { users: list },
      };
      writeFileSync(join(dir, "nats.conf"), JSON.stringify(config));
      server = spawn(await installNats({ log: () => {} }), ["-c", join(dir, "nats.conf")], { stdio: "ignore" });
    }, 240_000);
    afterAll(async () => {
      server.kill("SIGKILL");
      await once(server, "exit");
      rmSync(dir, { recursive: true });
    });

    beforeEach(() => {
      hub = new NatsHub(
        () => [url],
        (servers, extra) => connect(servers, { user: "admin", pass: "secret", ...extra }),
      );
    });
    afterEach(() => hub.close());

    const as = (user: string, inboxPrefix: string) => ({ extra: { user, inboxPrefix } });
    const backend = () => hub.join(as("backend", "_INBOX_be"));
    const frontend = () => hub.join({ create: false, ...as("frontend", "_INBOX_fe") });

    it("does everything for backends and frontends that have the permissions of the table, and no more", async () => {
      const [writer, reader] = [await backend(), await frontend()];
      const ears = [await Ear.on(writer.log), await Ear.on(reader.log)];
      await writer.log.append("announcement", "a", { id: "a", ...DEADLINE });
      const tick = await reader.log.append("tick", "t", DEADLINE);
      for (const ear of ears) await ear.untilHeard(2);
      expect((await reader.log.read(fromStart, 10, DEADLINE)).records).toHaveLength(2);
      expect((await writer.log.read({ storedAtMs: 0 }, 10, DEADLINE)).records).toHaveLength(2);
      for (const [asks, answers] of [
        [writer, reader],
        [reader, writer],
      ] as const) {
        const responder = answers.log.servePulse(async () => ({ ...tick, tick: "t" }));
        await expect.poll(() => asks.log.requestPulse(DEADLINE).catch(() => {})).toEqual({ ...tick, tick: "t" });
        responder.close();
      }
      expect([...writer.told.lines, ...reader.told.lines].filter((line) => line.includes("misconfigured"))).toEqual([]);
    });

    const checker = async (user: string, inboxPrefix: string) =>
      createNatsRoster({
        connection: await hub.raw({ user, inboxPrefix }),
        namespace: hub.namespace,
        clock: systemClock,
      });

    it("lets backends and frontends introduce themselves to one that may call the roll, and to no other", async () => {
      for (const { log } of [await backend(), await frontend()]) log.roster?.join({ role: "frontend", exported });
      const roster = await checker("check", "_INBOX_ck");
      await expect.poll(async () => (await roster.call({ waitMs: 500 })).present.length).toBe(2);
      const call = (await checker("frontend", "_INBOX_fe")).call({ waitMs: 500 });
      await expect(call).rejects.toThrow(LogUnavailableError);
      await expect(call).rejects.toThrow(/Grant the permissions/);
    });

    it("does all the rest for one that may not introduce itself, and tells the operator", async () => {
      const writer = await backend();
      const { log, told } = await hub.join({ create: false, ...as("shy", "_INBOX_shy") });
      log.roster?.join({ role: "frontend", exported });
      const ear = await Ear.on(log);
      await expect.poll(() => told.lines.join("\n")).toContain(`subscription roster.${hub.namespace}`);
      await writer.log.append("announcement", "a", { id: "a", ...DEADLINE });
      await ear.untilHeard(1);
    });

    it("lets no frontend announce: nothing is stored, the error says why at once, and the operator is told", async () => {
      const writer = await backend();
      const reader = await frontend();
      const asked = performance.now();
      const append = reader.log.append("announcement", "a", { id: "a", ...DEADLINE });
      await expect(append).rejects.toThrow(LogUnavailableError);
      await expect(append).rejects.toThrow(/permission/i);
      expect(performance.now() - asked).toBeLessThan(DEADLINE.deadlineMs / 2);
      expect((await writer.log.read(fromStart, 10, DEADLINE)).records).toEqual([]);
      await expect
        .poll(() => reader.told.lines.join("\n"))
        .toContain(`does not let this user publish inv.${hub.namespace}.announcement`);
    });

    it("lets nobody forge a record", async () => {
      const [writer, reader] = [await backend(), await frontend()];
      const ear = await Ear.on(reader.log);
      for (const { connection } of [writer, reader]) {
        connection.publish(`r.inv.${hub.namespace}.announcement`, "forged");
        await connection.rtt();
      }
      await writer.log.append("announcement", "true", { id: "a", ...DEADLINE });
      await ear.untilHeard(1);
      expect(ear.bodies).toEqual(["true"]);
      expect(reader.told.lines.join()).not.toContain("did not come from");
    });

    it("never says connected to one that may not subscribe, and tells the operator what to grant", async () => {
      await backend();
      const { log, told } = await hub.join({ create: false, ...as("deaf", "_INBOX_deaf") });
      const ear = new Ear(log);
      await expect.poll(() => told.lines.join("\n")).toContain(`subscription r.inv.${hub.namespace}.>`);
      await log.read(fromStart, 1, DEADLINE); // a round trip later
      expect(ear.turns).toBe("");
    });

    it("refuses to start for one that may not ask JetStream", async () => {
      await expect(hub.join({ ...as("mute", "_INBOX_mute") })).rejects.toThrow(
        /LogConfigurationError|Grant the permissions/,
      );
    });

    it("refuses to start for one whose answers cannot reach it", async () => {
      await expect(hub.join({ ...as("backend", "_INBOX_wrong") })).rejects.toThrow(/Grant the permissions/);
    });
    it("asks the JetStream of a domain, as it must through a leaf node", async () => {
      const { log } = await hub.join({ domain: "hub" });
      const ear = await Ear.on(log);
      await log.append("announcement", "a", { id: "a", ...DEADLINE });
      await ear.untilHeard(1);
      expect((await log.read(fromStart, 10, DEADLINE)).records).toEqual(ear.heard);
      await expect(
        hub.join({ domain: "elsewhere" }).then(({ log }) => log.read(fromStart, 1, DEADLINE)),
      ).rejects.toThrow(/JetStream is enabled/);
    });

    it("says which limit of the server a message exceeds", async () => {
      const { log } = await hub.join();
      await expect(log.append("announcement", "x".repeat(99_500), { id: "a", ...DEADLINE })).rejects.toThrow(
        "max_payload",
      );
      await expect(log.append("announcement", "x".repeat(98_000), { id: "a", ...DEADLINE })).resolves.toBeDefined();
    });
  }),
);
