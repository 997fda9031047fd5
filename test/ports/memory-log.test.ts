import { describe, expect, it } from "vitest";
import { createMemoryLog } from "../../src/adapters/memory/memory-log.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../src/adapters/system/entropy.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";
import { logConformance } from "./invalidation-log.conformance.ts";
import { Ear } from "./invalidation-log.ear.ts";

const DEADLINE = { deadlineMs: 1_000 };

logConformance("memory", async () => {
  const hub = createMemoryLog({ clock: systemClock, entropy: systemEntropy });
  return { connect: async () => hub.connect(), close: async () => {} };
});

function setUp(options: { readonly maxRecords?: number; readonly clock?: Clock } = {}) {
  const hub = createMemoryLog({ clock: systemClock, entropy: systemEntropy, ...options });
  const log = hub.connect();
  const announce = (body: string) => log.append("announcement", body, { id: body, ...DEADLINE });
  const fill = async (count: number) => {
    for (let i = 1; i <= count; i++) await announce(`body ${i}`);
  };
  const readAll = () => log.read({ sequence: sequence(1) }, 1_000, DEADLINE);
  return { hub, log, announce, fill, readAll };
}

describe("the memory log, what goes wrong on request", () => {
  it("begins another epoch, at sequence 1, when it is made anew", async () => {
    const { hub, log, announce, fill } = setUp();
    const ear = await Ear.on(log);
    await fill(2);
    const before = hub.extent.epoch;
    hub.recreate();
    const position = await announce("body 1");
    expect(position.sequence).toBe(1);
    expect(position.epoch).not.toBe(before);
    await ear.untilHeard(3);
    expect(ear.heard[2]).toMatchObject(position);
    expect(ear.turns).toBe("+");
  });

  it("gives sequences again after it was truncated, and says so in the words for when they were stored", async () => {
    const { hub, announce, fill, readAll } = setUp();
    await fill(3);
    const before = (await readAll()).records;
    hub.truncate(1);
    expect(hub.extent).toMatchObject({ first: 1, last: 1 });
    expect((await announce("body 2")).sequence).toBe(2); // the id was lost with the record
    const after = (await readAll()).records;
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.storedAt).not.toBe(before[1]?.storedAt);
  });

  it("moves its first record, and not its last, when it is purged", async () => {
    const { hub, announce, fill, readAll } = setUp();
    await fill(5);
    hub.purge(3);
    expect(await readAll()).toMatchObject({ first: 4, last: 5, records: [{ sequence: 4 }, { sequence: 5 }] });
    hub.purge(99);
    expect(await readAll()).toMatchObject({ first: 6, last: 5, records: [] });
    expect((await announce("next")).sequence).toBe(6);
  });

  it("is empty from the place it was truncated to, if everything before was purged", async () => {
    const { hub, announce, fill } = setUp();
    await fill(5);
    hub.purge(4);
    hub.truncate(2);
    expect(hub.extent).toMatchObject({ first: 3, last: 2 });
    expect((await announce("next")).sequence).toBe(3);
  });

  it("keeps no more records than it was told to", async () => {
    const { fill, readAll } = setUp({ maxRecords: 3 });
    await fill(10);
    const slice = await readAll();
    expect(slice).toMatchObject({ first: 8, last: 10 });
    expect(slice.records).toHaveLength(3);
  });

  it("remembers an id for two minutes", async () => {
    let monotonicMs = 0;
    const clock: Clock = { now: () => ({ monotonicMs, wallMs: monotonicMs }), after: systemClock.after };
    const { announce } = setUp({ clock });
    await announce("a");
    monotonicMs = 119_999;
    expect((await announce("a")).sequence).toBe(1);
    monotonicMs = 120_000;
    expect((await announce("a")).sequence).toBe(2);
  });

  it("cuts one participant off, which then hears and gets nothing until it is connected again", async () => {
    const { hub, log, announce } = setUp();
    const other = hub.connect();
    const [cut, whole] = [await Ear.on(other), await Ear.on(log)];
    const lost = announce("about to be heard");
    other.disconnect();
    await lost;
    await announce("not heard");
    expect(other.connected).toBe(false);
    await expect(other.append("tick", "a", DEADLINE)).rejects.toThrow(LogUnavailableError);
    await expect(other.read({ storedAtMs: 0 }, 1, DEADLINE)).rejects.toThrow(LogUnavailableError);
    await expect(other.requestPulse(DEADLINE)).rejects.toThrow(LogUnavailableError);
    other.reconnect();
    await cut.until(() => cut.turns === "+-+");
    await announce("heard");
    await whole.untilHeard(3);
    expect(cut.bodies).toEqual(["heard"]);
    expect(cut.turns).toBe("+-+");
  });

  it("says connected and disconnected in turn, however fast the connection comes and goes", async () => {
    const { hub } = setUp();
    const other = hub.connect();
    const ear = new Ear(other);
    other.disconnect();
    other.reconnect();
    await ear.until(() => ear.turns === "+");
    other.disconnect();
    other.reconnect();
    other.disconnect();
    await ear.until(() => ear.turns.endsWith("-"));
    expect(ear.turns).toBe("+-");
  });

  it("does not ask a responder that is cut off", async () => {
    const { hub, log } = setUp();
    const other = hub.connect();
    other.servePulse(async () => ({ epoch: epoch("e"), sequence: sequence(1), tick: "a" }));
    other.disconnect();
    await expect(log.requestPulse(DEADLINE)).rejects.toThrow("Nobody");
    other.reconnect();
    await expect(log.requestPulse(DEADLINE)).resolves.toBeDefined();
  });

  it("gives an answer to nobody who was cut off meanwhile", async () => {
    const { hub, log } = setUp();
    hub.connect().servePulse(async () => ({ epoch: epoch("e"), sequence: sequence(1), tick: "a" }));
    const answer = log.requestPulse(DEADLINE);
    log.disconnect();
    await expect(answer).rejects.toThrow(LogUnavailableError);
  });
});
