import { describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { friendships, postLikes, users } from "../../schema/social.ts";
import { createWriter } from "../../src/engine/create-writer.ts";
import { createTimestamps } from "../../src/engine/timestamps.ts";
import { increment, insert, update } from "../../src/index.ts";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import { LogUnknownError } from "../../src/ports/log-errors.ts";
import { decodeMessage } from "../../src/protocol/message.ts";
import { sequence } from "../../src/protocol/position.ts";
import { createSeededEntropy, createVirtualClock } from "../../src/testing/index.ts";
import { logLike } from "./log-like.ts";
import { provenStack, type TestStack } from "./stack.ts";

const ada = insert(users, { id: 42, name: "Ada" });

async function published({ writerLog }: TestStack) {
  const { records } = await writerLog.read({ sequence: sequence(1) }, 10_000, { deadlineMs: 1_000 });
  return records.map((record) => decodeMessage(record.body)).filter((message) => message.kind !== "tick");
}

/** Stores fences, and does not say so. */
const forgetful = (own: InvalidationLog): InvalidationLog =>
  logLike(own, {
    append: async (kind, body, options) => {
      const at = await own.append(kind, body, options);
      if (decodeMessage(body).kind === "fence") throw new LogUnknownError("no answer", "Try again");
      return at;
    },
  });

describe("a write is announced before and after", () => {
  it("first the fence, then the keys, which name what it made stale; its position is that of the keys", async () => {
    const stack = await provenStack();
    const { position } = await stack.writer.write(insert(friendships, { user_id: 42, friend_id: 7 }));
    const messages = await published(stack);
    expect(messages.map((m) => m.kind)).toEqual(["fence", "keys"]);
    expect(messages[1]).toMatchObject({
      keys: expect.arrayContaining(["users_42_friends", "users_42_friends_count", "users_42_friends_7"]),
      about: ["friendships"],
    });
    expect(position).toEqual({ epoch: stack.log.extent.epoch, sequence: stack.log.extent.last });
  });

  it("a batch is one fence and one keys message, in parts of at most a hundred names", async () => {
    const stack = await provenStack();
    await stack.writer.write(Array.from({ length: 150 }, (_, id) => insert(users, { id, name: "n" })));
    const messages = await published(stack);
    expect(messages.map((m) => m.kind)).toEqual(["fence", "fence", "keys", "keys"]);
    expect(messages.map((m) => m.keys.length)).toEqual([100, 50, 100, 50]);
  });

  it("a conditional write that did not apply says so", async () => {
    const { writer } = await provenStack();
    await writer.write(ada);
    expect(await writer.write(insert(users, { id: 42, name: "Eve" }, { ifNotExists: true }))).toMatchObject({
      applied: false,
    });
  });

  it("counters are written and seen", async () => {
    const { writer, a, clock } = await provenStack();
    const post_id = "00000000-0000-4000-8000-000000000001";
    await a.cache.get(keys.likes, { id: post_id });
    await writer.write(increment(postLikes, { post_id }, { likes: 2 }));
    await clock.settle();
    expect((await a.cache.get(keys.likes, { id: post_id }))?.likes).toBe("2");
  });
});

describe("a write that fails says what is in the database", () => {
  it("without a fence nothing is written", async () => {
    const { writer, writerLog, a } = await provenStack();
    writerLog.disconnect();
    await expect(writer.write(ada)).rejects.toMatchObject({ code: "E_FENCE_FAILED" });
    expect(await a.cache.get(keys.user, { id: 42 })).toBeUndefined();
  });

  it("nor with one whose acknowledgement was lost, and that is closed: nobody takes it for that of a writer which died", async () => {
    const stack = await provenStack();
    const own = stack.log.connect();
    const { clock, store } = stack;
    const writer = createWriter({ keys, store, log: forgetful(own), clock, entropy: createSeededEntropy(9) });
    await expect(writer.write(ada)).rejects.toMatchObject({ code: "E_FENCE_FAILED" });
    await clock.advance(1_000);
    expect((await published(stack)).map((m) => m.kind)).toEqual(["fence", "keys"]);
    expect(await stack.a.cache.get(keys.user, { id: 42 })).toBeUndefined();
    await clock.advance(60_000);
    expect(stack.a.cache.statistics()).toMatchObject({ fencesOpen: 0, orphans: 0 });
  });

  it("what the database refuses is not written, and the fence is closed", async () => {
    const stack = await provenStack();
    stack.store.faults.writes = "refused";
    await expect(stack.writer.write(ada)).rejects.toMatchObject({ code: "E_WRITE_REFUSED" });
    await stack.clock.settle();
    expect((await published(stack)).map((m) => m.kind)).toEqual(["fence", "keys"]);
    expect(stack.a.cache.statistics().fencesOpen).toBe(1); // the window of a young log
  });

  it("an unknown outcome publishes a touch and leaves the fence: a write that lands late is seen when the fence ends", async () => {
    const { writer, store, a, clock } = await provenStack();
    await writer.write(ada);
    store.faults.writes = "late";
    store.faults.lateMs = 20_000;
    await expect(writer.write(update(users, { id: 42 }, { name: "Ada L." }))).rejects.toMatchObject({
      code: "E_WRITE_UNKNOWN",
    });
    await clock.advance(100);
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Ada");
    await clock.advance(30_000);
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Ada L.");
  });

  it("a log lost between write and keys: the error says written, and the keys follow when the log is back", async () => {
    const { writer, writerLog, store, a, clock } = await provenStack();
    await writer.write(ada);
    await a.cache.get(keys.user, { id: 42 });
    const { write } = store;
    Object.assign(store, {
      write: async (...args: Parameters<typeof write>) => {
        const written = await write(...args);
        writerLog.disconnect();
        return written;
      },
    });
    const failing = writer.write(update(users, { id: 42 }, { name: "Ada L." }));
    await expect(failing).rejects.toMatchObject({ code: "E_NOT_ANNOUNCED" });
    writerLog.reconnect();
    await clock.advance(1_000);
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Ada L.");
  });

  it("where it is allowed, a write goes through without the log, says so, and is announced later", async () => {
    const { writer, writerLog, a, clock } = await provenStack({ writer: { onLogDown: "write" } });
    await a.cache.get(keys.user, { id: 42 });
    writerLog.disconnect();
    expect(await writer.write(ada)).toMatchObject({ applied: true, position: undefined });
    expect(writer.statistics()).toMatchObject({ notAnnounced: 1, pending: 1 });
    writerLog.reconnect();
    await clock.advance(1_000);
    expect(writer.statistics().pending).toBe(0);
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Ada");
  });
});

describe("timestamps order writes", () => {
  it("a writer never gives one twice, whatever its clock does, and two writers never the same", () => {
    const clock = createVirtualClock();
    const [one, other] = [createTimestamps(clock, 7), createTimestamps(clock, 8)];
    const given = Array.from({ length: 1_000 }, (_, i) => {
      if (i === 500) clock.shiftWall(-10_000);
      return [one(), other()];
    });
    const mine = given.map(([t]) => t ?? 0);
    expect(mine.every((t, i) => i === 0 || t > (mine[i - 1] ?? 0))).toBe(true);
    expect(new Set(given.flat()).size).toBe(2_000);
  });

  it("configurations that break the fence are refused", async () => {
    await expect(provenStack({ writer: { databaseDeadlineMs: 25_000 } })).rejects.toMatchObject({ code: "E_SPEC" });
  });
});
