import { describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { friendships, users } from "../../schema/social.ts";
import { insert, update } from "../../src/index.ts";
import { epoch, type Position, sequence } from "../../src/protocol/position.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { provenStack, type TestStack } from "./stack.ts";

const ADA = { id: 42 };
const rename = (name: string) => update(users, ADA, { name });

/** A frontend that holds Ada, and no longer hears the log; and the position of a write that it has not heard. */
async function behind(): Promise<TestStack & { readonly position: Position | undefined }> {
  const stack = await provenStack();
  await stack.writer.write(insert(users, { ...ADA, name: "Ada" }));
  await stack.clock.settle();
  for (const { cache } of [stack.a, stack.b]) await cache.get(keys.user, ADA);
  stack.a.log.disconnect();
  const { position } = await stack.writer.write(rename("Ada L."));
  await stack.clock.settle();
  return { ...stack, position };
}

describe("who asks for the position of its write", () => {
  it("reads that write from memory where it is applied", async () => {
    const { b, position, store } = await behind();
    await b.cache.get(keys.user, ADA);
    const readsBefore = store.reads;
    const answer = await b.cache.answer(keys.user, ADA, { minPosition: position });
    expect(answer).toMatchObject({ source: "hit", value: { name: "Ada L." }, coherent: true });
    expect(answer.position?.sequence).toBeGreaterThanOrEqual(position?.sequence ?? Number.NaN);
    expect(store.reads).toBe(readsBefore);
  });

  it("reads it from the database where it is not applied, though memory holds an older value that would be served to others", async () => {
    const { a, position } = await behind();
    expect(await a.cache.answer(keys.user, ADA)).toMatchObject({ source: "hit", value: { name: "Ada" } });
    const answer = await a.cache.answer(keys.user, ADA, { minPosition: position });
    expect(answer).toMatchObject({ source: "behind", value: { name: "Ada L." }, stored: false, coherent: true });
    expect(a.cache.statistics().behind).toBe(1);
  });

  it("keeps the position that it asked for until it is applied: the next read does not fall back behind it", async () => {
    const { a, position } = await behind();
    expect((await a.cache.answer(keys.user, ADA, { minPosition: position })).position).toEqual(position);
  });

  it("gets a view whose parts are all read anew, whatever memory holds of them", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write([insert(users, { id: 7, name: "Bob" }), insert(friendships, { user_id: 42, friend_id: 7 })]);
    await clock.settle();
    expect(await a.cache.get(keys.friendNames, ADA)).toMatchObject([{ name: "Bob" }]);
    a.log.disconnect();
    const { position } = await writer.write(update(users, { id: 7 }, { name: "Bobby" }));
    expect(await a.cache.get(keys.friendNames, ADA)).toMatchObject([{ name: "Bob" }]);
    expect(await a.cache.get(keys.friendNames, ADA, { minPosition: position })).toMatchObject([{ name: "Bobby" }]);
  });

  it("does not join a load that began before it asked", async () => {
    const { a, writer, store, clock } = await provenStack();
    await writer.write(insert(users, { ...ADA, name: "Ada" }));
    a.log.disconnect();
    store.faults.readDelayMs = 100; // what was read is on its way for so long
    const first = a.cache.get(keys.user, ADA);
    await clock.advance(1);
    const { position } = await writer.write(rename("Ada L."));
    const second = a.cache.get(keys.user, ADA, { minPosition: position });
    await clock.advance(200);
    expect((await first)?.name).toBe("Ada");
    expect((await second)?.name).toBe("Ada L.");
  });

  it("gets a view that joins no such load either, for any of its parts", async () => {
    const { a, writer, store, clock } = await provenStack();
    await writer.write([insert(users, { id: 7, name: "Bob" }), insert(friendships, { user_id: 42, friend_id: 7 })]);
    await clock.settle();
    await a.cache.get(keys.friends, ADA);
    a.log.disconnect();
    const first = await writer.write(update(users, ADA, { name: "Ada" }));
    store.faults.readDelayMs = 400;
    const early = a.cache.get(keys.user, { id: 7 }, { minPosition: first.position });
    await clock.advance(1);
    store.faults.readDelayMs = 100;
    const { position } = await writer.write(update(users, { id: 7 }, { name: "Bobby" }));
    const late = a.cache.get(keys.friendNames, ADA, { minPosition: position });
    await clock.advance(500);
    expect((await early)?.name).toBe("Bob");
    expect(await late).toMatchObject([{ name: "Bobby" }]);
  });

  it("waits as long as it likes for it to be applied, and no longer", async () => {
    const { a, position, clock } = await behind();
    const inTime = a.cache.answer(keys.user, ADA, { minPosition: position, waitMs: 200 });
    await clock.advance(100);
    a.log.reconnect();
    await clock.advance(50);
    expect(await inTime).toMatchObject({ source: "miss", value: { name: "Ada L." } });
    a.log.disconnect();
    const next = position && { ...position, sequence: sequence(position.sequence + 1_000) };
    const tooLate = a.cache.answer(keys.user, ADA, { minPosition: next, waitMs: 200 });
    await clock.advance(199);
    expect(a.cache.statistics().behind).toBe(0);
    await clock.advance(1);
    expect(await tooLate).toMatchObject({ source: "behind" });
  });

  it("waits no longer than the cache allows", async () => {
    const clock = createVirtualClock();
    const { a, writer } = await provenStack({ clock, cache: { maxWaitMs: 50 } });
    const { position } = await writer.write(insert(users, ADA));
    const never = position && { ...position, sequence: sequence(position.sequence + 900) };
    const answer = a.cache.answer(keys.user, ADA, { minPosition: never, waitMs: 60_000 });
    await clock.advance(50);
    expect(await answer).toMatchObject({ source: "behind" });
  });

  it("is told to give up a position that no message can have reached", async () => {
    const { a, writer, clock } = await provenStack({ cache: { maxWaitMs: 0 } });
    const { position } = await writer.write(insert(users, ADA));
    const far = position && { ...position, sequence: sequence(1e9) };
    const answer = a.cache.answer(keys.user, ADA, { minPosition: far });
    await clock.advance(300);
    expect((await answer).position?.sequence).toBeLessThan(1e9);
  });

  it("gets a value of getMany and of a page on the same terms", async () => {
    const { a, position } = await behind();
    expect(await a.cache.getMany(keys.user, [ADA], { minPosition: position })).toMatchObject([{ name: "Ada L." }]);
    const page = await a.cache.page(keys.friends, ADA, { limit: 5, after: undefined }, { minPosition: position });
    expect(page).toMatchObject({ source: "behind", position });
  });
});

describe("a position of another life of the log", () => {
  const OLD: Position = { epoch: epoch("old"), sequence: sequence(7) };

  it("is answered from the database, and given up for one of this life once that is proven to be the younger", async () => {
    const { a, writer, clock } = await provenStack();
    await writer.write(insert(users, { ...ADA, name: "Ada" }));
    const asking = a.cache.answer(keys.user, ADA, { minPosition: OLD, waitMs: 100 });
    await clock.advance(300);
    const answer = await asking;
    expect(answer).toMatchObject({ source: "behind", value: { name: "Ada" } });
    expect(answer.position?.epoch).toBe(a.cache.position()?.epoch);
    expect(answer.position?.epoch).not.toBe(OLD.epoch);
  });

  it("is kept where this frontend is the one that has not heard of the younger life", async () => {
    const { a, writer, writerLog, log, clock } = await provenStack();
    a.log.disconnect();
    log.recreate();
    const { position } = await writer.write(insert(users, { ...ADA, name: "Ada" }));
    expect(position?.epoch).not.toBe(a.cache.position()?.epoch);
    const asking = a.cache.answer(keys.user, ADA, { minPosition: position });
    await clock.advance(300);
    expect(await asking).toMatchObject({ source: "behind", value: { name: "Ada" }, position });
    expect(writerLog.connected).toBe(true);
  });
});

it("closing the cache ends all waits for positions", async () => {
  const { a, position } = await behind();
  const asking = a.cache.answer(keys.user, ADA, { minPosition: position, waitMs: 250 });
  await a.cache.close();
  await expect(asking).rejects.toThrow("the cache is closed");
});
