import type { Scheduler } from "fast-check";
import { createMemoryLog } from "../../src/adapters/memory/memory-log.ts";
import type { MemoryLogParticipant } from "../../src/adapters/memory/memory-log-connection.ts";
import { createMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { createNearCache } from "../../src/engine/create-near-cache.ts";
import { createWriter } from "../../src/engine/create-writer.ts";
import type { NearCache } from "../../src/engine/near-cache.ts";
import type { Writer } from "../../src/engine/writer.ts";
import type { KeySet } from "../../src/index.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import type { Store } from "../../src/ports/store.ts";
import { createSeededEntropy } from "../../src/testing/index.ts";
import { logLike } from "./log-like.ts";

export interface ScheduledStack {
  /** As it is, without anybody's schedule: what memory is compared with. */
  readonly store: Store;
  readonly writers: readonly Writer[];
  readonly frontends: readonly { readonly cache: NearCache; readonly log: MemoryLogParticipant }[];
  /** The timestamp under which this name reached the database; that of `none 1` is when user 1 was last removed. */
  readonly timestampOf: (name: string) => number;
  /** One step of the schedule, a millisecond of time, and what follows from both. */
  step(): Promise<void>;
  /** Steps until nothing is left to do and everybody has caught up. */
  rest(): Promise<void>;
  /** From now on nothing waits for its turn. */
  unscheduled(): void;
  close(): Promise<void>;
}

/** Whatever the database and the log are asked, and whatever the log delivers, happens when the scheduler says so. */
export async function scheduledStack(s: Scheduler, keys: KeySet, maxBytes: number): Promise<ScheduledStack> {
  let isScheduled = false; // the start is not what is tested
  const turn = async (what: string): Promise<void> => (isScheduled ? s.schedule(Promise.resolve(), what) : undefined);
  const clock = steppedClock();
  const entropy = createSeededEntropy(7);
  const inner = createMemoryStore({ clock });
  const timestamps = new Map<string, number>();
  const store = scheduledStore(inner, turn, timestamps);
  const log = createMemoryLog({ clock, entropy });
  const frontends = Array.from({ length: 2 }, () => {
    const own = log.connect();
    const cache = createNearCache({
      keys,
      store,
      log: scheduledLog(own, turn),
      clock,
      entropy,
      maxBytes,
      auditEveryMs: 20,
    });
    cache.start();
    return { cache, log: own };
  });
  // The first writer shares its process with the first cache.
  const writers = [0, 1].map((slot) => {
    const onTouched = slot === 0 ? frontends[0]?.cache.touch : undefined;
    const own = scheduledLog(log.connect(), turn);
    return createWriter({ keys, store, log: own, clock, entropy, slot, ...(onTouched && { onTouched }) });
  });
  for (const writer of writers) writer.start();

  const step = async (): Promise<void> => {
    if (s.count() > 0) await s.waitOne();
    clock.tick(s.count() > 0 ? 1 : 25);
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const isAtRest = (): boolean =>
    s.count() === 0 &&
    writers.every((writer) => writer.statistics().pending === 0) &&
    frontends.every(({ cache }) => {
      const { loading, applied } = cache.statistics();
      return loading === 0 && applied === log.extent.last && cache.proofAgeMs(clock.now()) < 5_000;
    });
  while (!frontends.every(({ cache }) => cache.ready)) await step();
  isScheduled = true;
  return {
    store: inner,
    writers,
    frontends,
    timestampOf: (name) => timestamps.get(name) ?? 0,
    step,
    rest: async () => {
      for (let steps = 0; !isAtRest(); steps++) {
        if (steps > 20_000) throw new Error("it never comes to rest");
        await step();
      }
    },
    unscheduled: () => {
      isScheduled = false;
    },
    close: async () => {
      await Promise.all(frontends.map(({ cache }) => cache.close()));
    },
  };
}

/** An answer is on its way for as long as a whole write takes, so that writes do overtake reads. */
const READ_TURNS = 6;

type Turn = (what: string) => Promise<void>;

function scheduledStore(inner: Store, turn: Turn, timestamps: Map<string, number>): Store {
  return {
    ...inner,
    read: async (plan, options) => {
      await turn("read begins");
      const found = await inner.read(plan, options);
      for (let i = 0; i < READ_TURNS; i++) await turn("read ends");
      return found;
    },
    write: async (mutations, options) => {
      await turn("write begins");
      for (const mutation of mutations) {
        const name = "set" in mutation ? mutation.set.name : `none ${"key" in mutation ? mutation.key.id : ""}`;
        // Of two removals the later one counts, also where it reaches the database first.
        const known = timestamps.get(String(name)) ?? 0;
        timestamps.set(String(name), Math.max(known, options.timestampMicros));
      }
      const written = await inner.write(mutations, options);
      await turn("write ends");
      return written;
    },
  };
}

function scheduledLog(inner: InvalidationLog, turn: Turn): InvalidationLog {
  const around = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    await turn(`${what} begins`);
    const answer = await ask();
    await turn(`${what} ends`);
    return answer;
  };
  return logLike(inner, {
    append: (...args) => around("append", () => inner.append(...args)),
    read: (...args) => around("log read", () => inner.read(...args)),
    requestPulse: (...args) => around("pulse", () => inner.requestPulse(...args)),
    listen: (listener) => {
      const queue = createQueue(turn);
      return inner.listen({
        connected: () => queue.add(() => listener.connected()),
        record: (record) => queue.add(() => listener.record(record)),
        disconnected: () => {
          queue.clear(); // what was not heard yet is lost
          queue.add(() => listener.disconnected());
        },
      });
    },
  });
}

/** Delivers in order, each when it is its turn. */
function createQueue(turn: Turn) {
  const waiting: (() => void)[] = [];
  let isPumping = false;
  const pump = async (): Promise<void> => {
    isPumping = true;
    while (waiting.length > 0) {
      await turn("delivery");
      waiting.shift()?.();
    }
    isPumping = false;
  };
  return {
    add: (what: () => void): void => {
      waiting.push(what);
      if (!isPumping) void pump();
    },
    clear: (): void => void waiting.splice(0),
  };
}

/** A clock that moves when it is told to, and waits for nothing. */
function steppedClock(): Clock & { tick(byMs: number): void } {
  const waiting = new Map<object, { readonly atMs: number; readonly run: () => void }>();
  let nowMs = 0;
  return {
    now: () => ({ monotonicMs: nowMs, wallMs: 1_700_000_000_000 + nowMs }),
    after: (delayMs, run) => {
      const timer = { cancel: () => void waiting.delete(timer) };
      waiting.set(timer, { atMs: nowMs + delayMs, run });
      return timer;
    },
    tick: (byMs) => {
      nowMs += byMs;
      for (const [timer, { atMs, run }] of [...waiting]) {
        if (atMs <= nowMs && waiting.delete(timer)) run();
      }
    },
  };
}
