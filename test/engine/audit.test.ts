import { describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { friendships, users } from "../../schema/social.ts";
import { createMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { claimOf, highestShare } from "../../src/engine/audit-claim.ts";
import { createNearCache } from "../../src/engine/create-near-cache.ts";
import { insert, update } from "../../src/index.ts";
import type { StoreRead } from "../../src/ports/store.ts";
import { createSeededEntropy } from "../../src/testing/index.ts";
import { provenStack, type TestStack } from "./stack.ts";

const ADA = { id: 42 };
const rename = (name: string) => update(users, ADA, { name });
/** Until then there is a window on everything: the log is too young to show all fences. */
const LOG_IS_OLD_MS = 45_000;

/** A frontend that is audited, and holds Ada. */
async function audited(
  options: { readonly maxBytes?: number; readonly ttlMs?: number } = {},
): Promise<TestStack & { readonly events: readonly string[] }> {
  const events: string[] = [];
  const telemetry = { event: (name: string, fields: object) => void events.push(`${name} ${JSON.stringify(fields)}`) };
  const stack = await provenStack({ cache: { auditEveryMs: 1_000, telemetry, ...options } });
  await stack.clock.advance(LOG_IS_OLD_MS);
  await stack.writer.write([
    insert(users, { ...ADA, name: "Ada" }),
    insert(friendships, { user_id: 42, friend_id: 7 }),
  ]);
  await stack.clock.advance(1);
  await stack.a.cache.get(keys.user, ADA);
  return { ...stack, events };
}

/** Reads as clients do, and lets time go on. */
async function read({ a, clock }: TestStack, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await a.cache.get(keys.user, ADA);
    await clock.advance(1_000);
  }
}

/** A write that nobody announces, as from another program. */
const writePast = ({ store, clock }: TestStack, name: string) =>
  store.write([rename(name)], { timestampMicros: clock.now().wallMs * 1_000, deadlineMs: 1_000 });

const reportOf = ({ a }: TestStack) => a.cache.statistics().audit;
const NONE = { unannounced: 0, orphaned: 0, unsettled: 0, weak: 0 };

describe("the audit", () => {
  it("compares one hit a second with the database, and no more", async () => {
    const stack = await audited();
    await read(stack, 10);
    const readsBefore = stack.store.reads;
    for (let i = 0; i < 100; i++) await stack.a.cache.get(keys.user, ADA);
    await stack.clock.settle();
    expect(stack.store.reads - readsBefore).toBe(1);
    expect(reportOf(stack)).toMatchObject({ overtaken: 0, unread: 0, differences: NONE });
    expect(reportOf(stack).agreed).toBeGreaterThanOrEqual(9);
    expect(reportOf(stack).claim).toMatch(/^no difference in \d+ samples/);
  });

  it("finds a write that nobody announced, says of which table, and drops the value: the next reader gets the right one", async () => {
    const stack = await audited();
    await writePast(stack, "Eve");
    expect((await stack.a.cache.get(keys.user, ADA))?.name).toBe("Ada");
    await read(stack, 5);
    expect(reportOf(stack).differences).toEqual({ ...NONE, unannounced: 1 });
    expect(stack.events).toContain('audit-difference {"tables":"users","cause":"unannounced"}');
    expect((await stack.a.cache.get(keys.user, ADA))?.name).toBe("Eve");
    expect(reportOf(stack).claim).toMatch(/^1 difference in \d+ samples: .* may differ at 95 %$/);
  });

  it("drops a view of what it finds wrong, too", async () => {
    const stack = await audited();
    await stack.writer.write(insert(users, { id: 7, name: "Bob" }));
    await stack.clock.advance(1);
    await stack.a.cache.get(keys.friendNames, ADA);
    await stack.store.write([update(users, { id: 7 }, { name: "Eve" })], {
      timestampMicros: stack.clock.now().wallMs * 1_000,
      deadlineMs: 1_000,
    });
    for (let i = 0; i < 5; i++) {
      await stack.a.cache.get(keys.user, { id: 7 });
      await stack.clock.advance(1_000);
    }
    expect(reportOf(stack).differences.unannounced).toBe(1);
    expect(await stack.a.cache.get(keys.friendNames, ADA)).toMatchObject([{ name: "Eve" }]);
  });

  it("does not call wrong what a write under way will put right: not while its fence is open, nor when it ends", async () => {
    const stack = await audited();
    Object.assign(stack.store.faults, { writes: "late", lateMs: 3_000 });
    await stack.writer.write(rename("Ada L.")).catch(() => {});
    stack.store.faults.writes = "ok";
    await stack.clock.advance(1);
    await stack.a.cache.get(keys.user, ADA); // the old value, which the write overwrites later
    await read(stack, 45);
    expect(reportOf(stack)).toMatchObject({ differences: NONE });
    expect(reportOf(stack).overtaken).toBeGreaterThan(0);
    expect((await stack.a.cache.get(keys.user, ADA))?.name).toBe("Ada L.");
  });

  it("tells a write that surfaced after its fence had ended from one that nobody announced", async () => {
    const stack = await audited();
    Object.assign(stack.store.faults, { writes: "late", lateMs: 40_000 });
    await stack.writer.write(rename("Ada L.")).catch(() => {});
    stack.store.faults.writes = "ok";
    await read(stack, 48);
    expect(reportOf(stack).differences).toEqual({ ...NONE, orphaned: 1 });
  });

  it("tells a database that gives now this, now that", async () => {
    const { clock, log, store } = await provenStack();
    const wrong: StoreRead = { rows: [], count: 0, expiresInMs: undefined, expiryKnown: true };
    let reads = 0;
    const flapping = {
      ...createMemoryStore({ clock }),
      read: (...args: Parameters<typeof store.read>) => (++reads === 2 ? Promise.resolve(wrong) : store.read(...args)),
    };
    await store.write([insert(users, { ...ADA, name: "Ada" })], { timestampMicros: 1, deadlineMs: 1 });
    const entropy = createSeededEntropy(3);
    const cache = createNearCache({ keys, store: flapping, log: log.connect(), clock, entropy, auditEveryMs: 1_000 });
    cache.start();
    await clock.advance(LOG_IS_OLD_MS);
    for (let i = 0; i < 6; i++) {
      await clock.advance(1_000);
      await cache.get(keys.user, ADA);
    }
    expect(cache.statistics().audit.differences).toEqual({ ...NONE, unsettled: 1 });
    await cache.close();
  });

  it("cannot tell while nothing is proven, and tells once it is", async () => {
    const stack = await audited();
    await read(stack, 1);
    stack.a.log.disconnect();
    await writePast(stack, "Eve");
    await read(stack, 3);
    expect(reportOf(stack).differences).toEqual(NONE);
    stack.a.log.reconnect();
    await read(stack, 3);
    expect(reportOf(stack).differences).toEqual({ ...NONE, unannounced: 1 });
  });

  it.each([
    ["it had to make room", ({ a }: TestStack) => a.cache.get(keys.user, { id: 7 })],
    ["it was read anew", ({ a }: TestStack) => a.cache.refresh(keys.user, ADA)],
  ])(
    "does not say that a write was on its way where nothing touched what it holds no longer: %s",
    async (_why, happens) => {
      const stack = await audited({ maxBytes: 600 });
      await stack.clock.advance(1_000);
      await writePast(stack, "Eve");
      expect((await stack.a.cache.get(keys.user, ADA))?.name).toBe("Ada");
      await stack.clock.settle();
      await happens(stack);
      await stack.clock.advance(3_000);
      expect(reportOf(stack)).toMatchObject({ differences: NONE, overtaken: 0, undecided: 1 });
      expect(reportOf(stack).claim).toMatch(/^no difference in \d+ samples \(1 undecided\): \d+ % may differ/);
    },
  );

  it("counts a wrong value once, however many of its hits are sampled before that is certain", async () => {
    const stack = await audited();
    stack.a.log.disconnect();
    await writePast(stack, "Eve");
    await read(stack, 5);
    stack.a.log.reconnect();
    await read(stack, 3);
    expect(reportOf(stack)).toMatchObject({ differences: { ...NONE, unannounced: 1 }, overtaken: 0, undecided: 0 });
  });

  it.each([
    [
      "its table was touched",
      ({ a }: TestStack) => a.cache.touch({ keys: [], partitions: [], tables: ["users"], about: [] }),
    ],
    [
      "its key was touched",
      ({ a }: TestStack) => a.cache.touch({ keys: ["users_42"], partitions: [], tables: [], about: [] }),
    ],
  ])("does not call wrong what a message touched by the time that it can tell: %s", async (_why, happens) => {
    const stack = await audited();
    await stack.clock.advance(1_000);
    await writePast(stack, "Eve");
    expect((await stack.a.cache.get(keys.user, ADA))?.name).toBe("Ada");
    stack.a.log.disconnect();
    await stack.clock.settle();
    await happens(stack);
    stack.a.log.reconnect();
    await stack.clock.advance(3_000);
    expect(reportOf(stack)).toMatchObject({ differences: NONE, overtaken: 1 });
  });

  it("does not call wrong what is touched while it is read once more", async () => {
    const stack = await audited();
    await stack.clock.advance(1_000);
    await writePast(stack, "Eve");
    await stack.a.cache.get(keys.user, ADA);
    stack.store.faults.readDelayMs = 5_000; // the second of its reads
    await stack.clock.advance(2_000);
    await stack.writer.write(rename("Ada L."));
    await stack.clock.advance(5_000);
    expect(reportOf(stack)).toMatchObject({ differences: NONE, overtaken: 1 });
  });

  it("counts what the database does not answer, and leaves the hit alone", async () => {
    const stack = await audited();
    stack.store.faults.failReads = true;
    await read(stack, 3);
    expect(reportOf(stack).unread).toBeGreaterThan(0);
    expect(reportOf(stack).differences).toEqual(NONE);
  });

  it("asks nothing of a database that has more reads waiting than it can take", async () => {
    const stack = await provenStack({ cache: { auditEveryMs: 1_000, maxReads: 1 } });
    await stack.a.cache.get(keys.user, ADA);
    await stack.clock.advance(1_000);
    stack.store.faults.readDelayMs = 100;
    const others = [1, 2, 3].map((id) => stack.a.cache.get(keys.user, { id }));
    await stack.a.cache.get(keys.user, ADA);
    await stack.clock.advance(1_000);
    await Promise.all(others);
    expect(reportOf(stack)).toMatchObject({ agreed: 0, unread: 1 });
  });

  it("leaves views alone: what they read is compared", async () => {
    const stack = await audited();
    await stack.a.cache.get(keys.friendNames, ADA);
    for (let i = 0; i < 3; i++) {
      await stack.clock.advance(1_000);
      const readsBefore = stack.store.reads;
      await stack.a.cache.get(keys.friendNames, ADA);
      await stack.clock.settle();
      expect(stack.store.reads).toBe(readsBefore);
    }
  });

  it("is off where it is asked to be", async () => {
    const stack = await provenStack({ cache: { auditEveryMs: 0 } });
    await stack.a.cache.get(keys.user, ADA);
    await read(stack, 5);
    expect(reportOf(stack)).toMatchObject({ agreed: 0, unread: 0 });
  });
});

describe("what may be claimed after so many samples", () => {
  it.each([
    [0, 0, "no samples yet: nothing may be claimed"],
    [1, 0, "no difference in 1 samples: 95 % may differ at 95 %"],
    [3_000, 0, "no difference in 3000 samples: at least 3 nines at 95 %"],
    [86_400, 0, "no difference in 86400 samples: at least 4 nines at 95 %"],
    [3_000_000, 0, "no difference in 3000000 samples: at least 6 nines at 95 %"],
    [28, 0, "no difference in 28 samples: 11 % may differ at 95 %"],
    [1_000, 1, "1 difference in 1000 samples: at least 2 nines at 95 %"],
    [10, 10, "10 differences in 10 samples: 100 % may differ at 95 %"],
  ])("%i samples, %i of them wrong", (samples, wrong, words) => {
    expect(claimOf({ agreed: samples - wrong, wrong, undecided: 0 })).toBe(words);
  });

  it("counts what could not be decided as if it were wrong, and says so", () => {
    const words = "no difference in 1000 samples (1 undecided): at least 2 nines at 95 %";
    expect(claimOf({ agreed: 999, wrong: 0, undecided: 1 })).toBe(words);
  });

  it("is the rule of three where none was wrong, and what the tables say where some were", () => {
    expect(highestShare(100_000, 0) * 100_000).toBeCloseTo(2.996, 2);
    expect(highestShare(1_000_000, 1) * 1_000_000).toBeCloseTo(4.744, 2); // Poisson, one-sided 95 %
    expect(highestShare(1_000_000, 5) * 1_000_000).toBeCloseTo(10.513, 2);
    expect(highestShare(20, 2)).toBeCloseTo(0.2826, 3); // Clopper and Pearson, one-sided 95 %
  });
});
