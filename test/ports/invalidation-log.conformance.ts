import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InvalidationLog, LogRecord, LogStart } from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { MAX_MESSAGE_BYTES } from "../../src/protocol/message.ts";
import { epoch, type Sequence, sequence } from "../../src/protocol/position.ts";
import { pulsePromises } from "./invalidation-log.conformance-pulse.ts";
import { Ear } from "./invalidation-log.ear.ts";

/** A log of its own, empty, and ways to it as its participants have them. */
export interface LogHub {
  connect(): Promise<InvalidationLog>;
  close(): Promise<void>;
}

const DEADLINE = { deadlineMs: 5_000 };
const fromStart: LogStart = { sequence: sequence(1) };

/** What every implementation of `InvalidationLog` promises. */
export function logConformance(name: string, makeHub: () => Promise<LogHub>): void {
  describe(`the invalidation log (${name})`, () => {
    let hub: LogHub;
    let log: InvalidationLog;
    let other: InvalidationLog;

    beforeEach(async () => {
      hub = await makeHub();
      log = await hub.connect();
      other = await hub.connect();
    });
    afterEach(() => hub.close());

    const announce = (body: string, id = `id-${body}`) => log.append("announcement", body, { id, ...DEADLINE });
    const announceAll = async (count: number) => {
      for (let i = 1; i <= count; i++) await announce(`body ${i}`);
    };
    const sequences = (records: readonly LogRecord[]) => records.map((record) => record.sequence);

    describe("append", () => {
      it("numbers records from 1 without holes, in one epoch", async () => {
        const positions = [await announce("a"), await log.append("tick", "b", DEADLINE), await announce("c")];
        expect(positions.map((position) => position.sequence)).toEqual([1, 2, 3]);
        expect(new Set(positions.map((position) => position.epoch)).size).toBe(1);
      });

      it("gives concurrent messages of several participants different sequences without holes", async () => {
        const appends = Array.from({ length: 50 }, (_, i) =>
          (i % 2 === 0 ? log : other).append("announcement", `${i}`, { id: `${i}`, ...DEADLINE }),
        );
        const given = (await Promise.all(appends)).map((position) => position.sequence).sort((a, b) => a - b);
        expect(given).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      });

      it("stores a message that comes again under its id once, and says where, whoever sends it", async () => {
        const first = await announce("a", "same");
        await announce("between");
        const again = await other.append("announcement", "a", { id: "same", ...DEADLINE });
        expect(again).toEqual(first);
        expect((await log.read(fromStart, 10, DEADLINE)).records).toHaveLength(2);
      });

      it("stores a message without an id each time", async () => {
        await log.append("tick", "same", DEADLINE);
        await log.append("tick", "same", DEADLINE);
        expect(sequences((await log.read(fromStart, 10, DEADLINE)).records)).toEqual([1, 2]);
      });

      it("keeps a body as it is, whatever the characters, up to the largest message", async () => {
        const bodies = ["", '{"a":"b\\n\\"c"}', "\u0000\r\n héé 日本 🦀", "x".repeat(MAX_MESSAGE_BYTES)];
        const ear = await Ear.on(other);
        for (const body of bodies) await announce(body, `id-${bodies.indexOf(body)}`);
        await ear.untilHeard(bodies.length);
        expect(ear.bodies).toEqual(bodies);
        expect((await log.read(fromStart, 10, DEADLINE)).records.map((record) => record.body)).toEqual(bodies);
      });

      it("refuses a message that is too large, and stores nothing", async () => {
        const tooLarge = "é".repeat(MAX_MESSAGE_BYTES / 2 + 1);
        await expect(announce(tooLarge, "large")).rejects.toThrow(LogUnavailableError);
        expect((await announce("small")).sequence).toBe(1);
      });
    });

    describe("listen", () => {
      it("tells every listener of every record once, in the order of their sequences, the writer's own too", async () => {
        const ears = [await Ear.on(log), await Ear.on(other), await Ear.on(other)];
        await Promise.all(Array.from({ length: 30 }, (_, i) => announce(`${i}`)));
        for (const ear of ears) {
          await ear.untilHeard(30);
          expect(ear.sequences).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
        }
      });

      it("tells of a record what its acknowledgement and a read of it say", async () => {
        const ear = await Ear.on(other);
        const position = await announce("a");
        await ear.untilHeard(1);
        const [record] = (await log.read(fromStart, 1, DEADLINE)).records;
        expect(ear.heard).toEqual([record]);
        expect(record).toMatchObject({ ...position, body: "a" });
      });

      it("says when a record was stored, in milliseconds and in words of its own that differ from record to record", async () => {
        const before = Date.now();
        await announceAll(20);
        const { records } = await log.read(fromStart, 20, DEADLINE);
        for (const { storedAtMs } of records) {
          expect(Number.isInteger(storedAtMs)).toBe(true);
          expect(storedAtMs).toBeGreaterThanOrEqual(before - 5);
          expect(storedAtMs).toBeLessThanOrEqual(Date.now() + 5);
        }
        expect(new Set(records.map((record) => record.storedAt)).size).toBe(20);
      });

      it("says connected once at the start, and misses nothing that is stored after that", async () => {
        const ear = new Ear(other);
        expect(ear.turns).toBe(""); // not while `listen` is still at work
        await ear.until(() => ear.turns === "+");
        await announce("a");
        await ear.untilHeard(1);
        expect(ear.turns).toBe("+");
      });

      it("does not tell of what was stored before", async () => {
        await announce("before");
        const ear = await Ear.on(other);
        await announce("after");
        await ear.untilHeard(1);
        expect(ear.bodies).toEqual(["after"]);
      });

      it("never tells a listener while append is still at work", async () => {
        const ear = await Ear.on(log);
        const stored = announce("a");
        expect(ear.heard).toEqual([]);
        await stored;
        await ear.untilHeard(1);
      });

      it("is silent once the subscription is closed, while others go on hearing", async () => {
        const [closed, open] = [await Ear.on(log), await Ear.on(log)];
        closed.close();
        await announce("a");
        await open.untilHeard(1);
        expect(closed.heard).toEqual([]);
      });
    });

    describe("read", () => {
      it("reads an empty log as empty", async () => {
        for (const from of [fromStart, { storedAtMs: 0 }, { storedAtMs: Date.now() + 60_000 }]) {
          const slice = await log.read(from, 10, DEADLINE);
          expect(slice.records).toEqual([]);
          expect(slice.first).toBe(slice.last + 1);
          expect(slice.last).toBe(0);
        }
      });

      it("reads from a sequence, that record included, and tells the extent", async () => {
        await announceAll(5);
        const slice = await other.read({ sequence: sequence(3) }, 10, DEADLINE);
        expect(slice).toMatchObject({ first: 1, last: 5 });
        expect(slice.records.map((record) => record.body)).toEqual(["body 3", "body 4", "body 5"]);
        expect(new Set(slice.records.map((record) => record.epoch))).toEqual(new Set([slice.epoch]));
      });

      it("reads at most as many as asked for, and tells the extent all the same", async () => {
        await announceAll(5);
        const slice = await log.read({ sequence: sequence(2) }, 2, DEADLINE);
        expect(sequences(slice.records)).toEqual([2, 3]);
        expect(slice).toMatchObject({ first: 1, last: 5 });
        expect((await log.read(fromStart, 0, DEADLINE)).records).toEqual([]);
      });

      it("reads nothing beyond the end", async () => {
        await announceAll(2);
        const slice = await log.read({ sequence: sequence(3) }, 10, DEADLINE);
        expect(slice).toMatchObject({ first: 1, last: 2, records: [] });
      });

      it("takes a sequence below the first for the first", async () => {
        await announceAll(2);
        expect(sequences((await log.read({ sequence: 0 as Sequence }, 10, DEADLINE)).records)).toEqual([1, 2]);
      });

      it("reads from a time: the first record stored then or later, and all that follow", async () => {
        await announceAll(2);
        await sleep(20);
        const third = await announce("third");
        await announce("fourth");
        const [stored] = (await log.read({ sequence: third.sequence }, 1, DEADLINE)).records;
        const from = { storedAtMs: stored?.storedAtMs ?? 0 };
        expect(sequences((await log.read(from, 10, DEADLINE)).records)).toEqual([3, 4]);
        expect(sequences((await log.read({ storedAtMs: 0 }, 10, DEADLINE)).records)).toEqual([1, 2, 3, 4]);
        const later = await log.read({ storedAtMs: Date.now() + 60_000 }, 10, DEADLINE);
        expect(later).toMatchObject({ first: 1, last: 4, records: [] });
      });

      it("reads every acknowledged record, while others append", async () => {
        const appends = Promise.all(Array.from({ length: 40 }, (_, i) => announce(`${i}`)));
        const early = await other.read(fromStart, 100, DEADLINE);
        expect(sequences(early.records)).toEqual(early.records.map((_, i) => i + 1));
        await appends;
        expect((await other.read(fromStart, 100, DEADLINE)).records).toHaveLength(40);
      });
    });

    pulsePromises({
      get log() {
        return log;
      },
      get other() {
        return other;
      },
      third: () => hub.connect(),
    });

    it("says how long it keeps what it stored: long enough for fences and settle windows, as it is made", async () => {
      expect(await log.retentionMs(DEADLINE)).toBeGreaterThanOrEqual(40_000);
      await log.close();
      await expect(log.retentionMs(DEADLINE)).rejects.toThrow(LogUnavailableError);
    });

    describe("close", () => {
      it("makes every operation of that participant unavailable, and leaves the others alone", async () => {
        const ear = await Ear.on(other);
        expect(other.connected).toBe(true);
        await other.close();
        expect(other.connected).toBe(false);
        await expect(other.append("tick", "a", DEADLINE)).rejects.toThrow(LogUnavailableError);
        await expect(other.read(fromStart, 1, DEADLINE)).rejects.toThrow(LogUnavailableError);
        await expect(other.requestPulse(DEADLINE)).rejects.toThrow(LogUnavailableError);
        expect((await announce("still here")).sequence).toBe(1);
        expect((await log.read(fromStart, 1, DEADLINE)).records).toHaveLength(1);
        expect(ear.heard).toEqual([]);
      });

      it("may be called twice", async () => {
        await other.close();
        await other.close();
      });

      it("ends the subscriptions and the answering of pulses", async () => {
        const ear = await Ear.on(other);
        other.servePulse(async () => ({ epoch: epoch("e"), sequence: sequence(1), tick: "a" }));
        await expect.poll(() => log.requestPulse(DEADLINE).catch(() => undefined)).toBeDefined();
        await other.close();
        await announce("a");
        await expect
          .poll(() =>
            log.requestPulse(DEADLINE).then(
              () => "answered",
              () => "nobody",
            ),
          )
          .toBe("nobody");
        expect(ear.heard).toEqual([]);
      });
    });
  });
}
