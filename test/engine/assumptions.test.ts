import { afterEach, describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { users } from "../../schema/social.ts";
import { createMemoryLog } from "../../src/adapters/memory/memory-log.ts";
import { createMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import type { NearCacheOptions } from "../../src/engine/cache-options.ts";
import { createNearCache } from "../../src/engine/create-near-cache.ts";
import { createWriter } from "../../src/engine/create-writer.ts";
import { AssumptionError, NotCheckedError } from "../../src/engine/errors.ts";
import type { WriterOptions } from "../../src/engine/writer-options.ts";
import { defineKeys, insert, key, text } from "../../src/index.ts";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { StoreReadError } from "../../src/ports/store-errors.ts";
import { createSeededEntropy, createVirtualClock } from "../../src/testing/index.ts";
import { logLike } from "./log-like.ts";

const ADA = insert(users, { id: 42, name: "Ada" });

interface Deployment {
  /** What the store says of its levels; what it throws where it does not answer. */
  overlap: boolean | Error;
  retentionMs: number;
  /** How far the log's clock is ahead of ours. */
  logAheadMs: number;
  /** It is connected, and does not say how long it keeps messages. */
  logIsMute: boolean;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A deployment as it is told to be, and may become: the store and the log are in memory. */
function deploy(set: Partial<Deployment> = {}) {
  const as: Deployment = { overlap: true, retentionMs: 3_600_000, logAheadMs: 0, logIsMute: false, ...set };
  const clock = createVirtualClock();
  const entropy = createSeededEntropy(1);
  const inner = createMemoryStore({ clock });
  const store = {
    ...inner,
    checkLevels: async () => {
      if (as.overlap instanceof Error) throw as.overlap;
      return { overlap: as.overlap, words: "ONE with ONE" };
    },
  };
  const hub = createMemoryLog({ clock: { ...clock, now: () => ahead(clock.now(), as.logAheadMs) }, entropy });
  const retentionMs = async () => {
    if (as.logIsMute) throw new LogUnavailableError("no answer", "Wait");
    return as.retentionMs;
  };
  const log = (): InvalidationLog => logLike(hub.connect(), { retentionMs });
  const events: string[] = [];
  const telemetry = { event: (name: string, fields: object) => void events.push(`${name} ${JSON.stringify(fields)}`) };
  const shared = { keys, store, clock, entropy, telemetry };
  return {
    as,
    clock,
    events,
    cache: (options: Partial<NearCacheOptions> = {}) => {
      const cache = createNearCache({ ...shared, log: log(), ...options });
      closing.push(() => cache.close());
      return cache;
    },
    writer: (options: Partial<WriterOptions> = {}) => {
      const writer = createWriter({ ...shared, log: log(), ...options });
      closing.push(() => writer.close());
      return writer;
    },
  };
}

const ahead = ({ monotonicMs, wallMs }: { monotonicMs: number; wallMs: number }, byMs: number) => ({
  monotonicMs,
  wallMs: wallMs + byMs,
});

const WEATHER = key("weather_{city}", { ttlMs: 60_000 }).view({ city: text }, async () => "rain");

const BROKEN: readonly (readonly [string, Partial<Deployment>, RegExp])[] = [
  ["levels that need not overlap", { overlap: false }, /reads need not meet writes: ONE with ONE.*Choose levels/],
  ["a log that forgets before fences end", { retentionMs: 39_999 }, /39999 ms.*40000 ms.*Raise max_age/],
  ["a clock far ahead of the log's", { logAheadMs: -61_000 }, /61000 ms ahead of the log's.*NTP/],
  ["a clock far behind the log's", { logAheadMs: 61_000 }, /61000 ms behind the log's.*NTP/],
];

describe("a frontend that could not keep the promise", () => {
  it.each(BROKEN)("refuses to start and to read, and says what to change: %s", async (_what, set, words) => {
    const { cache: make, clock } = deploy(set);
    const cache = make();
    cache.start();
    const ready = expect(cache.whenReady(10_000)).rejects.toThrow(words);
    await clock.advance(2_000);
    await ready;
    expect(cache.ready).toBe(false);
    await expect(cache.get(keys.user, { id: 42 })).rejects.toThrow(AssumptionError);
    await expect(cache.answer(keys.user, { id: 42 })).rejects.toThrow(words);
  });

  it("names all that does not hold, not only the first", async () => {
    const { cache: make, clock } = deploy({ overlap: false, retentionMs: 1, logAheadMs: 100_000 });
    const cache = make();
    cache.start();
    await clock.advance(2_000);
    const error = await cache.whenReady(1).catch((e: unknown) => e);
    expect(error instanceof AssumptionError && error.broken.map(({ assumption }) => assumption)).toEqual([
      "levels-overlap",
      "log-retention",
      "clock-skew",
    ]);
  });

  it("serves nothing of what it read before that was known", async () => {
    const { cache: make, clock, as, writer } = deploy({ overlap: new StoreReadError("not yet", "Wait") });
    await expect(writer().write(ADA)).rejects.toThrow(NotCheckedError);
    const cache = make();
    cache.start();
    await clock.advance(900);
    expect(await cache.answer(keys.user, { id: 42 })).toMatchObject({ coherent: false });
    expect(await cache.answer(keys.user, { id: 42 })).toMatchObject({ source: "hit", coherent: false });
    as.overlap = false;
    await clock.advance(5_000);
    await expect(cache.get(keys.user, { id: 42 })).rejects.toThrow(AssumptionError);
  });

  it("starts once that is mended, without a restart", async () => {
    const { cache: make, clock, as } = deploy({ retentionMs: 1 });
    const cache = make();
    cache.start();
    await clock.advance(2_000);
    await expect(cache.whenReady(1)).rejects.toThrow(AssumptionError);
    as.retentionMs = 3_600_000;
    await clock.advance(2_000);
    expect(await cache.whenReady(1)).toBe(true);
    expect(await cache.answer(keys.user, { id: 42 })).toMatchObject({ coherent: true });
  });
});

describe("a frontend that cannot tell yet", () => {
  it("says why, once for each reason", async () => {
    const { cache: make, clock, as, events } = deploy({ overlap: new StoreReadError("no such keyspace", "Wait") });
    make().start();
    await clock.advance(5_000);
    as.overlap = new StoreReadError("unauthorized", "Wait");
    await clock.advance(5_000);
    const told = events.filter((event) => event.startsWith("assumptions-unchecked"));
    expect(told).toEqual([expect.stringContaining("no such keyspace"), expect.stringContaining("unauthorized")]);
  });

  it("is not ready, reads all the same, and labels what it answers; once it can tell, it does not", async () => {
    const { cache: make, clock, as } = deploy({ overlap: new StoreReadError("not yet", "Wait") });
    const cache = make();
    cache.start();
    await clock.advance(3_000);
    expect([cache.ready, await cache.answer(keys.user, { id: 42 })]).toMatchObject([false, { coherent: false }]);
    as.overlap = true;
    await clock.advance(2_000);
    expect(cache.ready).toBe(true);
    expect(await cache.answer(keys.user, { id: 42 }), "read before it was known").toMatchObject({ coherent: true });
  });
});

describe("a deployment that may be weak", () => {
  it("is served, every answer is labelled, and one line says why", async () => {
    const { cache: make, clock, events } = deploy({ overlap: false });
    const cache = make({ consistency: "weak" });
    cache.start();
    await clock.advance(120_000);
    expect(cache.ready).toBe(true);
    for (const source of ["miss", "hit"])
      expect(await cache.answer(keys.user, { id: 42 })).toMatchObject({ source, coherent: false });
    expect(events.filter((event) => event.startsWith("assumption-broken"))).toHaveLength(1);
  });

  it("labels what was read from one replica, also where levels overlap, and a view that read such a value", async () => {
    const { cache: make, clock } = deploy();
    const cache = make({ consistency: "weak" });
    cache.start();
    await clock.advance(50_000); // the log is young: the window on everything makes loads strong until it ends
    expect(await cache.answer(keys.user, { id: 42 })).toMatchObject({ coherent: false });
    expect(await cache.answer(keys.friendNames, { id: 42 })).toMatchObject({ coherent: false });
  });
});

describe("a view that reads nothing through nearkey", () => {
  it("is labelled: of a source of its own nothing is promised", async () => {
    const { cache: make, clock } = deploy();
    const cache = make({ keys: defineKeys({ weather: WEATHER }) });
    cache.start();
    await clock.advance(2_000);
    expect(await cache.answer(WEATHER, { city: "Oslo" })).toMatchObject({ value: "rain", coherent: false });
  });
});

describe("levels that cease to overlap while a frontend runs", () => {
  it("are reported, and label the answers that are read from then on", async () => {
    const { cache: make, clock, as, events } = deploy();
    const cache = make();
    cache.start();
    await clock.advance(2_000);
    as.overlap = false;
    await clock.advance(61_000);
    expect(await cache.answer(keys.user, { id: 42 })).toMatchObject({ coherent: false });
    expect(events.filter((event) => event.startsWith("assumption-broken"))).toHaveLength(1);
  });
});

describe("a writer that could not keep the promise", () => {
  it.each(BROKEN)("refuses to write, with nothing written and no fence: %s", async (_what, set, words) => {
    const { writer: make, clock } = deploy(set);
    const writer = make();
    await expect(writer.write(ADA)).rejects.toThrow(words);
    writer.start();
    await clock.advance(2_000);
    await expect(writer.whenReady(1)).rejects.toThrow(AssumptionError);
    expect([writer.ready, writer.statistics().written]).toEqual([false, 0]);
  });

  it("allows its clock to be off by what it is told, and no more", async () => {
    const { writer } = deploy({ logAheadMs: 1_500 });
    await expect(writer().write(ADA)).rejects.toThrow("1500 ms behind the log's, and 1000 ms are allowed");
    expect(await writer({ maxClockSkewMs: 2_000 }).write(ADA)).toMatchObject({ applied: true });
  });

  it("writes at levels that need not overlap only where that is allowed", async () => {
    const { writer } = deploy({ overlap: false });
    await expect(writer().write(ADA)).rejects.toThrow(AssumptionError);
    expect(await writer({ allowWeak: true }).write(ADA)).toMatchObject({ applied: true });
  });

  it("writes nothing while that cannot be told, and writes as soon as it can", async () => {
    const { writer: make, as } = deploy({ overlap: new StoreReadError("not yet", "Wait") });
    const writer = make();
    await expect(writer.write(ADA)).rejects.toThrow(NotCheckedError);
    as.overlap = true;
    expect(await writer.write(ADA)).toMatchObject({ applied: true });
    expect(await writer.whenReady(1)).toBe(true);
  });

  it("writes once what was refused holds, though nobody started it", async () => {
    const { writer: make, clock, as } = deploy({ overlap: false });
    const writer = make();
    await expect(writer.write(ADA)).rejects.toThrow(AssumptionError);
    as.overlap = true;
    await clock.advance(2_000);
    expect(await writer.write(ADA)).toMatchObject({ applied: true });
  });

  it("writes unannounced, where that is asked for, while a log that is connected does not say how it is set up", async () => {
    const { writer: make } = deploy({ logIsMute: true });
    await expect(make().write(ADA)).rejects.toThrow(NotCheckedError);
    expect(await make({ onLogDown: "write" }).write(ADA)).toMatchObject({ applied: true });
  });

  it("asks once for all who write at the same time, and not again for those who come later", async () => {
    const { writer: make, clock } = deploy();
    const store = createMemoryStore({ clock });
    let asked = 0;
    const checkLevels = () => {
      asked++;
      return store.checkLevels();
    };
    const writer = make({ store: { ...store, checkLevels } });
    await Promise.all([writer.write(ADA), writer.write(ADA)]);
    await writer.write(ADA);
    expect(asked).toBe(1);
  });
});
