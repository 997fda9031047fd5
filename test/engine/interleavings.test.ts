import fc from "fast-check";
import { expect, it } from "vitest";
import { users } from "../../schema/social.ts";
import type { GetOptions, NearCache } from "../../src/engine/near-cache.ts";
import { defineKeys, insert, int, key, type Mutation, removePartition } from "../../src/index.ts";
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
const kind = fc.constantFrom("user", "pair", "pairs");
/** Who wrote reads it back at once, from some frontend, and is willing to wait so long for it to hear of the write. */
const readBack = fc.option(fc.record({ kind, frontend: fc.nat({ max: 1 }), waitMs: fc.constantFrom(0, 0, 10, 100) }));
const writer = fc.nat({ max: 1 });
const step = fc.record({
  does: fc.oneof(
    { weight: 6, arbitrary: fc.record({ op: fc.constant("read"), kind, frontend, id }) },
    { weight: 4, arbitrary: fc.record({ op: fc.constant("write"), writer, id, readBack }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("wipe"), writer, id, readBack }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constantFrom("refresh", "touch", "cut", "mend"), frontend, id }) },
  ),
  turns: fc.constantFrom(0, 0, 1, 2, 3, 5, 8),
});

interface Does {
  readonly op: string;
  readonly id: number;
  readonly kind?: string;
  readonly frontend?: number;
  readonly writer?: number;
  readonly readBack?: { readonly kind: string; readonly frontend: number; readonly waitMs: number } | null;
}

/** What readers may rely on: acknowledged writes, and where their keys are in the log. */
interface Acknowledged {
  readonly id: number;
  readonly position: Position;
  readonly timestamp: number;
}

/** What has been done to a stack so far. */
interface Story {
  readonly stack: ScheduledStack;
  readonly done: Acknowledged[];
}

/** Begins what is to be done. It ends when the schedule lets it; what a reader was given is checked then. */
function begin(story: Story, does: Does, nth: number): Promise<unknown> {
  const { cache, log } = frontendOf(story, does.frontend);
  switch (does.op) {
    case "read":
      return read(story, does, {});
    case "write":
      return write(story, does, insert(users, { id: does.id, name: `v${nth}` }));
    case "wipe":
      return write(story, does, removePartition(users, { id: does.id }));
    case "refresh":
      return cache.refresh(user, does);
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

/** What it reads reflects what its frontend had applied when it asked, and what is before the position that it asked for. */
async function read(
  { stack, done }: Story,
  does: Pick<Does, "id" | "kind" | "frontend">,
  wanted: GetOptions,
): Promise<void> {
  const { cache } = frontendOf({ stack }, does.frontend);
  const floors = floorsOf(done, Math.max(cache.position()?.sequence ?? 0, wanted.minPosition?.sequence ?? 0));
  for (const [of, name] of await namesFound(cache, does, wanted)) {
    const found = stack.timestampOf(name ?? `none ${of}`);
    const said = `user ${of} by ${does.kind} ${does.id}, asking for ${wanted.minPosition?.sequence}: ${name}`;
    expect(found, said).toBeGreaterThanOrEqual(floors[of] ?? 0);
  }
}

/** Each user that was found, and its name. */
async function namesFound(
  cache: NearCache,
  { kind, id }: Pick<Does, "id" | "kind">,
  wanted: GetOptions,
): Promise<readonly (readonly [number, string | null | undefined])[]> {
  const at = (of: number) => of % IDS;
  if (kind === "user") return [[at(id), (await cache.get(user, { id }, wanted))?.name]];
  if (kind === "pair") return (await cache.get(pair, { id }, wanted)).map((name, i) => [at(id + i), name]);
  const both = await cache.get(pairs, { id }, wanted);
  return both.flatMap((names, i) => names.map((name, k) => [at(id + i + k), name] as const));
}

async function write(story: Story, does: Does, mutation: Mutation): Promise<void> {
  const process = story.stack.writers[does.writer ?? 0];
  const written = await process?.write(mutation).catch(() => undefined); // not acknowledged: nobody may rely on it
  if (written?.position === undefined) return;
  const { position, timestampMicros } = written;
  story.done.push({ id: does.id, position, timestamp: timestampMicros });
  const { readBack: back } = does;
  if (back) await read(story, { ...back, id: does.id }, { minPosition: position, waitMs: back.waitMs });
}

function frontendOf({ stack }: Pick<Story, "stack">, which = 0): ScheduledStack["frontends"][number] {
  const found = stack.frontends[which];
  if (found === undefined) throw new Error("no such process");
  return found;
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
      const story: Story = { stack, done: [] };
      const begun: Promise<unknown>[] = [];
      for (const [nth, { does, turns }] of steps.entries()) {
        const doing = begin(story, does, nth);
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
