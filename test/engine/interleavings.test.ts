import fc from "fast-check";
import { expect, it } from "vitest";
import { users } from "../../schema/social.ts";
import type { GetOptions } from "../../src/engine/near-cache.ts";
import type { Written } from "../../src/engine/writer.ts";
import { defineKeys, insert, int, key, removePartition } from "../../src/index.ts";
import type { Position } from "../../src/protocol/position.ts";
import { type ScheduledStack, scheduledStack } from "./scheduled-stack.ts";

const IDS = 2;
const user = key("users_{id}").row(users);
/** A user and the next: stale when either is. */
const pair = key("pairs_{id}", { ttlMs: 3_600_000 }).view({ id: int }, async ({ id }, read) => {
  const first = await read(user, { id });
  const second = await read(user, { id: (id + 1) % IDS });
  return [first?.name, second?.name];
});
/** A view of a view. */
const pairs = key("pairs_of_{id}", { ttlMs: 3_600_000 }).view({ id: int }, ({ id }, read) =>
  read.many(pair, [{ id }, { id: (id + 1) % IDS }]),
);
const keys = defineKeys({ user, pair, pairs });

/** Mostly the same, so that what is done there meets. */
const frontend = fc.constantFrom(0, 0, 0, 0, 1);
const id = fc.nat({ max: IDS - 1 });
/** Which of the writes acknowledged so far a reader asks for: the last, the one before it, ... */
const own = fc.nat({ max: 2 });
const waitMs = fc.constantFrom(0, 0, 10, 100);
const step = fc.record({
  does: fc.oneof(
    { weight: 6, arbitrary: fc.record({ op: fc.constantFrom("user", "pair", "pairs", "pairs"), frontend, id }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constantFrom("user", "pair", "pairs"), frontend, id, own, waitMs }) },
    { weight: 4, arbitrary: fc.record({ op: fc.constant("write"), writer: fc.nat({ max: 1 }), id }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("wipe"), writer: fc.nat({ max: 1 }), id }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constantFrom("refresh", "touch", "cut", "mend"), frontend, id }) },
  ),
  turns: fc.constantFrom(0, 0, 1, 2, 3, 5, 8),
});

interface Does {
  readonly op: string;
  readonly frontend?: number;
  readonly writer?: number;
  readonly id: number;
  readonly own?: number;
  readonly waitMs?: number;
}

/** What readers may rely on: acknowledged writes, and where their keys are in the log. */
interface Acknowledged {
  readonly id: number;
  readonly position: Position;
  readonly timestamp: number;
}

/** Begins what is to be done. It ends when the schedule lets it; what a reader was given is checked then. */
function begin(stack: ScheduledStack, done: Acknowledged[], does: Does, nth: number): Promise<unknown> {
  const front = stack.frontends[does.frontend ?? 0];
  const writer = stack.writers[does.writer ?? 0];
  if (front === undefined || writer === undefined) throw new Error("no such process");
  const { cache, log } = front;
  const minPosition = does.own === undefined ? undefined : done.at(-1 - does.own)?.position;
  const wanted: GetOptions = { minPosition, waitMs: does.waitMs };
  const floors = floorsOf(done, Math.max(cache.position()?.sequence ?? 0, minPosition?.sequence ?? 0));
  const check = (of: number, name: string | undefined): void => {
    const at = of % IDS;
    expect(
      stack.timestampOf(name ?? `none ${at}`),
      `user ${at} as ${does.op} ${nth} found it: ${name}`,
    ).toBeGreaterThanOrEqual(floors[at] ?? 0);
  };
  const checkPair = (of: number, names: readonly (string | undefined)[]): void =>
    names.forEach((name, i) => void check(of + i, name));
  const acknowledge = (writing: Promise<Written>): Promise<void> =>
    writing.then(
      ({ position, timestampMicros }) =>
        void (position && done.push({ id: does.id, position, timestamp: timestampMicros })),
      () => {}, // not acknowledged: nobody may rely on it
    );
  switch (does.op) {
    case "user":
      return cache.get(user, does, wanted).then((found) => check(does.id, found?.name ?? undefined));
    case "refresh":
      return cache.refresh(user, does).then((found) => check(does.id, found?.name ?? undefined));
    case "pair":
      return cache.get(pair, does, wanted).then((names) =>
        checkPair(
          does.id,
          names.map((name) => name ?? undefined),
        ),
      );
    case "pairs":
      return cache.get(pairs, does, wanted).then((both) =>
        both.forEach(
          (names, i) =>
            void checkPair(
              does.id + i,
              names.map((name) => name ?? undefined),
            ),
        ),
      );
    case "write":
      return acknowledge(writer.write(insert(users, { id: does.id, name: `v${nth}` })));
    case "wipe":
      return acknowledge(writer.write(removePartition(users, { id: does.id })));
    case "touch":
      cache.touch({ keys: [user.text(does)], partitions: [], tables: [], about: ["users"] });
      return Promise.resolve();
    case "cut":
      log.disconnect();
      return Promise.resolve();
    default:
      log.reconnect();
      return Promise.resolve();
  }
}

/** Of each user, the newest acknowledged write whose keys are no later than this: what is read from now on is no older. */
function floorsOf(done: readonly Acknowledged[], applied: number): readonly number[] {
  return Array.from({ length: IDS }, (_, of) =>
    Math.max(0, ...done.filter((w) => w.id === of && w.position.sequence <= applied).map((w) => w.timestamp)),
  );
}

/** At rest every value that memory holds is the database's. */
async function expectMemoryIsStore({ frontends, store }: ScheduledStack): Promise<void> {
  const names = await Promise.all(
    Array.from({ length: IDS }, async (_, of) => {
      const { rows } = await store.read(
        { kind: "row", table: users, where: { id: of } },
        { level: "strong", deadlineMs: 1 },
      );
      return rows[0]?.name ?? undefined;
    }),
  );
  const nameOf = (of: number) => names[of % IDS];
  const pairOf = (of: number) => [nameOf(of), nameOf(of + 1)];
  for (const { cache } of frontends) {
    for (let of = 0; of < IDS; of++) {
      expect((await cache.get(user, { id: of }))?.name ?? undefined).toBe(nameOf(of));
      expect(await cache.get(pair, { id: of })).toEqual(pairOf(of));
      expect(await cache.get(pairs, { id: of })).toEqual([pairOf(of), pairOf((of + 1) % IDS)]);
    }
  }
}

const RUNS = 300;

it("however reads, writes, deliveries, evictions and cuts interleave, a reader never gets what it knows to be overwritten, nor falls behind a write of its own", async () => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(step, { minLength: 5, maxLength: 40 }),
    fc.constantFrom(1_100, 100_000),
    async (s, steps, maxBytes) => {
      const stack = await scheduledStack(s, keys, maxBytes);
      const done: Acknowledged[] = [];
      const begun: Promise<unknown>[] = [];
      for (const [nth, { does, turns }] of steps.entries()) {
        const doing = begin(stack, done, does, nth);
        doing.catch(() => {}); // told at the end
        begun.push(doing);
        for (let i = 0; i < turns; i++) await stack.step();
      }
      for (const { log } of stack.frontends) log.reconnect();
      await stack.rest();
      await Promise.all(begun);
      stack.unscheduled();
      await expectMemoryIsStore(stack);
      for (const { cache } of stack.frontends)
        expect(Object.values(cache.statistics().audit.differences)).toEqual([0, 0, 0, 0]);
      await stack.close();
    },
  );
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 5_000 });
}, 60_000);
