import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { openCassandra } from "../ports/store-cassandra.ts";
import { comparable, outcomeOf, readsOf, type Step, steps } from "../ports/store-model.ts";
import { fresh, type StoreUnderTest, Subject } from "../ports/store-subject.ts";
import { tables } from "../ports/store-tables.ts";
import { describeReal } from "../support/real.ts";

/** The number of sequences is bounded, and so is the time, so that a slow machine does not fail. */
const RUNS = 200;
const TIME_LIMIT_MS = 12_000;

describeReal("the memory store does what Cassandra does", (real) => {
  let cassandra: StoreUnderTest | undefined;
  beforeAll(async () => {
    cassandra = await openCassandra(real);
  });
  afterAll(async () => {
    await cassandra?.close();
  });

  it("after any sequence of writes, batches and conditional writes, every read is the same from both", async () => {
    if (cassandra === undefined) throw new Error("opened before the first test");
    const both = { real: new Subject(cassandra), memory: memorySubject() };
    const property = fc.asyncProperty(steps, (sequence) => expectSame(both, sequence));
    await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS });
  });
});

interface Both {
  readonly real: Subject;
  readonly memory: Subject;
}

async function expectSame({ memory, real }: Both, sequence: readonly Step[]): Promise<void> {
  const p = fresh();
  const [whole] = readsOf(p);
  for (const [i, step] of sequence.entries()) {
    const place = { p, ttlSeconds: 1000 + 100 * i };
    expect(await outcomeOf(memory, step, place)).toEqual(await outcomeOf(real, step, place));
    if (whole !== undefined) expect(comparable(await memory.read(whole))).toEqual(comparable(await real.read(whole)));
  }
  for (const plan of readsOf(p)) {
    expect(comparable(await memory.read(plan))).toEqual(comparable(await real.read(plan)));
  }
}

function memorySubject(): Subject {
  const store = createMemoryStore({ clock: systemClock, tables });
  return new Subject({ store, elapse: async () => {}, close: () => store.close() });
}
