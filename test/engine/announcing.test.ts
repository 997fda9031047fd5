import { describe, expect, it } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { friendships, users, usersByEmail } from "../../schema/social.ts";
import { createNearCache } from "../../src/engine/create-near-cache.ts";
import { createPublisher } from "../../src/engine/publisher.ts";
import { createPulseServer } from "../../src/engine/pulse-server.ts";
import { insert, update } from "../../src/index.ts";
import type { InvalidationLog, Pulse } from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError, LogUnknownError } from "../../src/ports/log-errors.ts";
import { partsOf } from "../../src/protocol/announce.ts";
import { decodeMessage, type Message } from "../../src/protocol/message.ts";
import { epoch, type Position, sequence } from "../../src/protocol/position.ts";
import { createWitness, hasLost, noteStored } from "../../src/protocol/witness.ts";
import { createSeededEntropy, createVirtualClock } from "../../src/testing/index.ts";
import { provenStack, type TestStack } from "./stack.ts";

const ada = insert(users, { id: 42, name: "Ada" });
const rename = (name: string) => update(users, { id: 42 }, { name });
const SILENT = { event: () => {} };

async function published({ writerLog }: TestStack): Promise<readonly Message[]> {
  const { records } = await writerLog.read({ sequence: sequence(1) }, 100_000, { deadlineMs: 1_000 });
  return records.map((record) => decodeMessage(record.body));
}

/** A log of which only the appending matters. */
function logThat(append: InvalidationLog["append"]): InvalidationLog {
  const no = (): never => {
    throw new Error("not used");
  };
  return {
    append,
    read: no,
    retentionMs: no,
    requestPulse: no,
    listen: no,
    servePulse: () => ({ close: () => {} }),
    connected: true,
    close: async () => {},
  };
}

function publisherOver(append: InvalidationLog["append"]) {
  const clock = createVirtualClock();
  const witness = createWitness();
  const limits = { deadlineMs: 1_000, maxPending: 1 };
  const publisher = createPublisher({
    log: logThat(append),
    clock,
    telemetry: SILENT,
    witness,
    ...limits,
    lost: () => {},
  });
  const write = (id: string) => ({
    id,
    spec: "s",
    conditional: false,
    parts: partsOf({ keys: [`users_${id}`], partitions: [], tables: [], about: ["users"] }),
  });
  return { publisher, clock, witness, write };
}

describe("every write is announced", () => {
  it("also where its process cannot be told: a callback that throws stops neither the keys nor the answer", async () => {
    const warnings: unknown[] = [];
    const note = (warning: unknown) => warnings.push(warning);
    process.on("warning", note);
    const onTouched = () => {
      throw new Error("the application's own");
    };
    const telemetry = { event: onTouched };
    const stack = await provenStack({ writer: { onTouched, telemetry }, cache: { telemetry } });
    expect(await stack.writer.write(ada)).toMatchObject({ applied: true });
    expect((await published(stack)).filter((m) => m.kind !== "tick").map((m) => m.kind)).toEqual(["fence", "keys"]);
    await stack.clock.settle();
    process.off("warning", note);
    expect(String(warnings[0])).toContain("the application's own");
  });

  it("also without room for its names: two writes that are announced by their table are two announcements", async () => {
    const stack = await provenStack({ writer: { onLogDown: "write", maxPending: 1 } });
    const { writer, writerLog, a, clock } = stack;
    const flushesBefore = a.cache.statistics().flushes;
    for (const name of ["first", "second"]) {
      writerLog.disconnect();
      await writer.write(insert(users, { id: 1, name }));
      await writer.write([rename(name), insert(usersByEmail, { email: "a@example.org", user_id: 42 })]);
      writerLog.reconnect();
      await clock.advance(1_000);
      expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe(name);
    }
    expect(writer.statistics().pending).toBe(0);
    expect(a.cache.statistics().flushes).toBe(flushesBefore); // every message was understood
  });

  it("also while an announcement of the same table is on its way: the later write is announced after it", async () => {
    const stored: Message[] = [];
    const acks: (() => void)[] = [];
    const { publisher, clock, write } = publisherOver(async (_kind, body) => {
      await new Promise<void>((resolve) => void acks.push(resolve));
      stored.push(decodeMessage(body));
      return { epoch: epoch("e"), sequence: sequence(stored.length) };
    });
    const ack = async () => {
      acks.shift()?.();
      await clock.settle();
    };
    publisher.keepPublishing("keys", write("one"));
    publisher.keepPublishing("keys", write("two")); // by its table
    await ack();
    expect(acks).toHaveLength(1); // two is on its way
    publisher.keepPublishing("keys", write("three"));
    await ack();
    await clock.advance(1_000);
    await ack();
    expect(stored.map((m) => m.kind !== "tick" && m.write)).toEqual(["one", "two-table-0", "three-table-0"]);
    expect(publisher.pending).toBe(0);
    publisher.close();
  });

  it("one announcement that the log will not take does not hold up the others", async () => {
    const stored: string[] = [];
    const { publisher, clock, write } = publisherOver(async (_kind, body) => {
      const message = decodeMessage(body);
      if (message.kind === "tick" || message.write === "poison") throw new LogUnavailableError("refused", "");
      stored.push(message.write);
      return { epoch: epoch("e"), sequence: sequence(stored.length) };
    });
    for (const id of ["poison", "one"]) publisher.keepPublishing("keys", write(id));
    await clock.advance(2_000);
    expect(stored).toEqual(["one-table-0"]);
    publisher.close();
  });
});

describe("what the log lost is told", () => {
  it("an announcement sent again, which the log had stored long ago, is no loss", async () => {
    const stored = new Map<string, Position>();
    let answers = false;
    const { publisher, clock, witness, write } = publisherOver(async (_kind, _body, { id = "tick" }) => {
      const at = stored.get(id) ?? { epoch: epoch("e"), sequence: sequence(stored.size + 1) };
      stored.set(id, at);
      if (!answers) throw new LogUnknownError("no answer", "");
      return at;
    });
    publisher.keepPublishing("keys", write("w"));
    await clock.settle();
    noteStored(witness, { epoch: epoch("e"), sequence: sequence(100) }); // others have written since
    answers = true;
    await clock.advance(1_000);
    expect(publisher.pending).toBe(0);
    expect(hasLost(witness)).toBe(false);
    publisher.close();
  });

  it("at once by the writer that sees it, though nobody asks it for a pulse", async () => {
    const stack = await provenStack();
    const { writer, log, a, clock } = stack;
    for (const name of ["Ada", "Ada L."]) await writer.write(rename(name));
    await clock.settle();
    for (const frontend of stack.frontends) frontend.log.disconnect(); // so that nobody asks
    log.truncate(log.extent.last - 3);
    await writer.write(rename("Countess"));
    await clock.advance(200);
    const flushes = (await published(stack)).filter((m) => m.kind === "tick" && m.flush === true);
    expect(flushes).toHaveLength(1);
    for (const frontend of stack.frontends) frontend.log.reconnect();
    await clock.advance(2_000);
    expect((await a.cache.get(keys.user, { id: 42 }))?.name).toBe("Countess");
  });
});

describe("pulses are answered", () => {
  const serverOver = (append: InvalidationLog["append"]) => {
    const clock = createVirtualClock();
    let respond: () => Promise<Pulse> = async () => Promise.reject(new Error("not served"));
    const log: InvalidationLog = {
      ...logThat(append),
      servePulse: (given) => {
        respond = given;
        return { close: () => {} };
      },
    };
    const witness = createWitness();
    const entropy = createSeededEntropy(1);
    const server = createPulseServer({ log, clock, entropy, telemetry: SILENT, witness });
    server.start();
    return { clock, witness, server, respond: () => respond() };
  };

  it("a tick whose acknowledgement was lost does not hold up the next until every proof has run out", async () => {
    let appends = 0;
    const { clock, respond, server } = serverOver(async (_kind, _body, { deadlineMs }) => {
      appends++;
      if (appends > 1) return { epoch: epoch("e"), sequence: sequence(appends) };
      return new Promise(
        (_resolve, reject) => void clock.after(deadlineMs, () => reject(new LogUnknownError("late", ""))),
      );
    });
    const lost = expect(respond()).rejects.toThrow();
    await clock.advance(100);
    const next = respond();
    await clock.advance(3_000);
    await lost;
    expect((await next).sequence).toBe(2);
    server.close();
  });

  it("a log that is away is not stormed with flushes, nor asked at all once the server is closed", async () => {
    let appends = 0;
    const { clock, witness, server, respond } = serverOver(async () => {
      appends++;
      throw new LogUnavailableError("away", "");
    });
    witness.losses = 1;
    server.lost();
    await clock.advance(60_000);
    expect(appends).toBeGreaterThan(30);
    expect(appends).toBeLessThan(100);
    server.close();
    const atClose = appends;
    await expect(respond()).rejects.toBeInstanceOf(LogUnavailableError);
    await clock.advance(60_000);
    expect(appends).toBe(atClose);
  });

  it("frontends that nobody answers ask ever less often, down to their usual pace", async () => {
    const stack = await provenStack();
    const { store, clock } = stack;
    const own = stack.log.connect();
    let asked = 0;
    const lonely: InvalidationLog = {
      ...logThat((...args) => own.append(...args)),
      read: (...args) => own.read(...args),
      listen: (listener) => own.listen(listener),
      requestPulse: async () => {
        asked++;
        throw new LogUnavailableError("nobody", "");
      },
    };
    const cache = createNearCache({ keys, store, clock, entropy: createSeededEntropy(2), log: lonely });
    cache.start();
    await clock.advance(60_000);
    expect(asked).toBeLessThan(70);
    await cache.close();
    await own.close();
  });
});

describe("options that could not work are refused", () => {
  it.each([{ maxWrites: 0 }, { maxWrites: Number.NaN }, { logDeadlineMs: -1 }, { databaseDeadlineMs: 0.5 }])(
    "%o",
    async (writer) => {
      await expect(provenStack({ writer })).rejects.toMatchObject({ code: "E_SPEC" });
    },
  );
});

describe("a writer that is closed", () => {
  it("finishes the writes under way, refuses others, and can be closed and started again without effect", async () => {
    const stack = await provenStack();
    const writing = stack.writer.write(insert(friendships, { user_id: 1, friend_id: 2 }));
    const closing = Promise.all([stack.writer.close(), stack.writer.close()]);
    await expect(stack.writer.write(ada)).rejects.toMatchObject({ code: "E_CLOSED" });
    expect((await writing).applied).toBe(true);
    await closing;
    stack.writer.start();
  });
});
