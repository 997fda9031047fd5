import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import { LogConfigurationError, LogUnavailableError } from "../../src/ports/log-errors.ts";
import { sequence } from "../../src/protocol/position.ts";
import { Ear } from "../ports/invalidation-log.ear.ts";
import { clients, NatsHub } from "../ports/invalidation-log.nats.ts";
import { describeReal } from "../support/real.ts";

const DEADLINE = { deadlineMs: 10_000 };
const fromStart = { sequence: sequence(1) };
const announce = (log: InvalidationLog, body: string) =>
  log.append("announcement", body, { id: body.slice(0, 20), ...DEADLINE });

describeReal("the stream of the NATS log", (real) =>
  describe.each(clients)("with $client", ({ connect }) => {
    let hub: NatsHub;

    beforeEach(() => {
      hub = new NatsHub(() => real.nats.servers, connect);
    });
    afterEach(() => hub.close());

    const theStream = async () => {
      const [name, ...others] = await hub.streams();
      expect(others).toEqual([]);
      return String(name);
    };
    const liveConfig = async () => (await hub.admin(`STREAM.INFO.${await theStream()}`)).config as object;
    const change = async (changes: object) => {
      const answer = await hub.admin(`STREAM.UPDATE.${await theStream()}`, { ...(await liveConfig()), ...changes });
      expect(answer.error).toBeUndefined();
    };
    /** A stream as somebody else would make it. */
    const makeForeign = (name: string, config: object = {}) =>
      hub.admin(`STREAM.CREATE.${name}`, { name, subjects: [`inv.${hub.namespace}.>`], ...config });
    const refusal = (options = {}) =>
      hub.join(options).then(
        () => "",
        (error: Error) => `${error.name}: ${error.message}`,
      );

    it("says how long it keeps messages as it is set up now, not as it was when the process started", async () => {
      const { log } = await hub.join();
      expect(await log.retentionMs(DEADLINE)).toBe(3_600_000);
      await change({ max_age: 20_000_000_000, duplicate_window: 20_000_000_000 });
      expect(await log.retentionMs(DEADLINE)).toBe(20_000);
      await change({ max_age: 0 });
      expect(await log.retentionMs(DEADLINE)).toBe(Number.POSITIVE_INFINITY);
    });

    it("is made with the settings that make it a log, and named after its epoch", async () => {
      const { log } = await hub.join({ maxAgeMs: 600_000, maxBytes: 50_000_000 });
      const { epoch } = await announce(log, "a");
      expect(await theStream()).toBe(`NEARKEY_${hub.namespace}_${epoch}`);
      expect(await liveConfig()).toMatchObject({
        subjects: [`inv.${hub.namespace}.>`],
        republish: { src: `inv.${hub.namespace}.>`, dest: `r.inv.${hub.namespace}.>` },
        storage: "file",
        num_replicas: 1,
        max_age: 600_000_000_000,
        max_bytes: 50_000_000,
        duplicate_window: 120_000_000_000,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        mirror_direct: false,
      });
    });

    it("is one stream, whoever starts first", async () => {
      for (let round = 0; round < 5; round++) {
        const own = new NatsHub(() => real.nats.servers, connect);
        const logs = await Promise.all(Array.from({ length: 8 }, () => own.connect()));
        const positions = await Promise.all(logs.map((log, i) => announce(log, `${i}`)));
        expect(new Set(positions.map((position) => position.epoch)).size).toBe(1);
        expect(await own.streams()).toHaveLength(1);
        await own.close();
      }
    });

    it("is waited for by a frontend, which does not make it, and hears it from its first record on", async () => {
      const { log: frontend, told } = await hub.join({ create: false });
      const ear = await Ear.on(frontend);
      expect(await hub.streams()).toEqual([]);
      expect(told.lines.join()).toContain("Start a backend");
      await expect(frontend.read(fromStart, 1, DEADLINE)).rejects.toThrow("no stream");
      await expect(frontend.append("tick", "a", DEADLINE)).rejects.toThrow(LogUnavailableError);
      const { log: backend } = await hub.join();
      const at = await announce(backend, "a");
      await ear.untilHeard(1);
      expect(ear.heard[0]).toMatchObject(at);
      expect((await frontend.read(fromStart, 1, DEADLINE)).records).toEqual(ear.heard);
    });

    it("is refused if it is set up otherwise, naming each setting that differs", async () => {
      await makeForeign(`NEARKEY_${hub.namespace}_foreign`, {
        storage: "memory",
        max_msgs_per_subject: 5,
        discard: "new",
      });
      const message = await refusal();
      expect(message).toMatch(/^LogConfigurationError/);
      for (const setting of [
        "storage",
        "discard",
        "max_msgs_per_subject",
        "republish",
        "deny_delete",
        "deny_purge",
        "allow_direct",
      ]) {
        expect(message).toContain(`${setting} is `);
      }
      expect(message).not.toMatch(/retention is|subjects is|num_replicas is/);
      expect(await refusal({ create: false })).toBe(message);
    });

    it("is refused if it is somebody else's, or one of two", async () => {
      await makeForeign(`OTHER_${hub.namespace}`, { subjects: [`inv.${hub.namespace}.announcement`] });
      expect(await refusal()).toContain(`OTHER_${hub.namespace}`);
      await makeForeign(`NEARKEY_${hub.namespace}_x`, { subjects: [`inv.${hub.namespace}.tick`] });
      expect(await refusal()).toMatch(/^LogConfigurationError.*NEARKEY.*OTHER/);
    });

    it("may keep more than asked for, not less; a participant that does not say takes what there is", async () => {
      await hub.join({ maxAgeMs: 600_000, maxBytes: 50_000_000 });
      await hub.join({ create: false });
      await hub.join({ maxAgeMs: 300_000, maxBytes: 10_000_000 });
      expect(await refusal({ maxAgeMs: 700_000 })).toContain("max_age (ms) is 600000, not at least 700000");
      expect(await refusal({ maxBytes: 60_000_000 })).toContain("max_bytes is 50000000, not at least 60000000");
    });

    it("is not made on fewer servers than asked for; the error says what to do", async () => {
      const message = await refusal({ replicas: 3 });
      expect(message).toMatch(/^LogConfigurationError/);
      expect(message).toContain("`replicas: 1`");
      expect(await hub.streams()).toEqual([]);
    });

    it("shows as its first record the oldest that retention has left, and reads on from there", async () => {
      const { log } = await hub.join();
      for (let i = 1; i <= 10; i++) await announce(log, `${i}`);
      await change({ max_msgs: 4 });
      const slice = await log.read({ sequence: sequence(3) }, 100, DEADLINE);
      expect(slice).toMatchObject({ first: 7, last: 10 });
      expect(slice.records.map((record) => record.sequence)).toEqual([7, 8, 9, 10]);
    });

    it("is empty, and not new, when retention has taken everything", async () => {
      const { log } = await hub.join();
      const { epoch } = await announce(log, "a");
      await announce(log, "b");
      await change({ max_age: 100_000_000, duplicate_window: 100_000_000 });
      await expect
        .poll(() => log.read(fromStart, 10, DEADLINE), { timeout: 5_000 })
        .toMatchObject({ epoch, first: 3, last: 2, records: [] });
      expect((await announce(log, "c")).sequence).toBe(3);
    });

    it("is made anew by a backend when it was deleted: another epoch, heard and read by all", async () => {
      const { log: backend } = await hub.join();
      const { log: frontend } = await hub.join({ create: false });
      const ear = await Ear.on(frontend);
      const before = await announce(backend, "before");
      await ear.untilHeard(1);
      await hub.admin(`STREAM.DELETE.${await theStream()}`);
      await expect(frontend.read(fromStart, 10, { deadlineMs: 500 })).rejects.toThrow(LogUnavailableError);
      await expect(frontend.append("tick", "lost", { deadlineMs: 500 })).rejects.toThrow(LogUnavailableError);
      const after = await announce(backend, "after");
      expect(after.sequence).toBe(1);
      expect(after.epoch).not.toBe(before.epoch);
      await ear.untilHeard(2);
      expect(ear.heard[1]).toMatchObject(after);
      expect(ear.turns).toBe("+"); // the connection was never lost
      const slice = await frontend.read({ sequence: sequence(2) }, 10, DEADLINE);
      expect(slice).toMatchObject({ epoch: after.epoch, first: 1, last: 1, records: [] });
      expect(await hub.streams()).toHaveLength(1);
    });

    it("is checked again as soon as a record of another one is heard; what is wrong is told, and reads say it", async () => {
      const { log } = await hub.join();
      const { log: frontend, told } = await hub.join({ create: false });
      const ear = await Ear.on(frontend);
      await log.close();
      await hub.admin(`STREAM.DELETE.${await theStream()}`);
      const republish = { src: `inv.${hub.namespace}.>`, dest: `r.inv.${hub.namespace}.>` };
      await makeForeign(`NEARKEY_${hub.namespace}_other`, { storage: "memory", republish });
      await frontend.append("tick", "a", DEADLINE);
      await ear.untilHeard(1);
      expect(ear.heard[0]?.epoch).toBe("other");
      await expect.poll(() => told.lines.join("\n"), { timeout: 5_000 }).toContain("storage is");
      await expect(frontend.read(fromStart, 1, DEADLINE)).rejects.toThrow(/storage is/);
    });

    it("is read in batches, 10,000 records without a hole", async () => {
      const { log: reader, connection } = await hub.join();
      for (let i = 1; i <= 10_000; i++) connection.publish(`inv.${hub.namespace}.tick`, `${i} ${"k".repeat(200)}`);
      const all = { sequence: sequence(10_000) };
      await expect.poll(() => reader.read(all, 1, DEADLINE), { timeout: 20_000 }).toMatchObject({ last: 10_000 });
      const { records } = await reader.read(fromStart, 20_000, DEADLINE);
      expect(records.map((record) => record.sequence)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
      expect((await reader.read({ sequence: sequence(4_321) }, 3_000, DEADLINE)).records.at(-1)?.sequence).toBe(7_320);
    });

    it("is read without being cut off as a slow consumer, however large its records", async () => {
      const { log, told } = await hub.join();
      const large = "x".repeat(250_000);
      for (let i = 1; i <= 80; i++) await announce(log, `${i} ${large}`); // 20 MB, where the server buffers 8
      const { records } = await log.read(fromStart, 1_000, DEADLINE);
      expect(records).toHaveLength(80);
      expect(records[79]?.body).toBe(`80 ${large}`);
      expect(told.lines.join()).not.toContain("log-disconnected");
    });

    it("has a namespace that can be part of a subject", async () => {
      for (const namespace of ["", "a.b", "a*", "a b", "ü", "a_b", "x".repeat(33)]) {
        await expect(hub.join({ namespace })).rejects.toThrow(LogConfigurationError);
      }
    });

    it("needs a server that can read batches", async () => {
      const connection = await hub.raw();
      const old = Object.create(connection, { info: { value: { version: "2.10.29", max_payload: 1_000_000 } } });
      await expect(hub.join({ connection: old })).rejects.toThrow("2.11 or later");
    });

    it("ignores a message that did not come from the stream, and tells the operator", async () => {
      const { log, told } = await hub.join();
      const ear = await Ear.on(log);
      const forger = await hub.raw();
      forger.publish(`r.inv.${hub.namespace}.announcement`, "forged");
      await forger.rtt();
      await announce(log, "true");
      await ear.untilHeard(1);
      expect(ear.bodies).toEqual(["true"]);
      expect(told.lines.join("\n")).toContain("did not come from nearkey's stream");
    });
  }),
);
