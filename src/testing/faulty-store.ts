import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import { StoreReadError, WriteRefusedError, WriteUnknownError } from "../ports/store-errors.ts";

/** What the database is to do wrong from now on. All off at first. */
export interface StoreFaults {
  /** Every read fails. */
  failReads: boolean;
  /** Every read takes so long, on the clock. */
  readDelayMs: number;
  /** `refused`: nothing is written. `lost` and `late`: the writer is told nothing; the write is never done, or is done `lateMs` later. */
  writes: "ok" | "refused" | "lost" | "late";
  lateMs: number;
}

export interface FaultyStore extends Store {
  readonly faults: StoreFaults;
  /** Reads that reached it. */
  readonly reads: number;
}

/** Wraps a store so that a test can make it fail, wait, or keep silent about a write. */
export function createFaultyStore(inner: Store, clock: Clock): FaultyStore {
  const faults: StoreFaults = { failReads: false, readDelayMs: 0, writes: "ok", lateMs: 1_000 };
  let reads = 0;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => void clock.after(ms, resolve, { keepsAlive: true }));
  return {
    // One by one: the methods of a class are not copied by a spread.
    compareSchema: (tables) => inner.compareSchema(tables),
    checkLevels: () => inner.checkLevels(),
    ping: (options) => inner.ping(options),
    close: () => inner.close(),
    faults,
    get reads() {
      return reads;
    },
    read: async (plan, options) => {
      reads++;
      const { failReads, readDelayMs } = faults;
      if (failReads) throw new StoreReadError("the test made this read fail", "Set faults.failReads to false");
      const found = await inner.read(plan, options);
      if (readDelayMs > 0) await pause(readDelayMs);
      return found;
    },
    write: async (mutations, options) => {
      if (faults.writes === "ok") return inner.write(mutations, options);
      if (faults.writes === "refused")
        throw new WriteRefusedError("the test made this write be refused", "Set faults.writes to ok");
      if (faults.writes === "late") clock.after(faults.lateMs, () => void writeLate(inner, mutations, options));
      throw new WriteUnknownError("the test made the database keep silent", "Set faults.writes to ok");
    },
  };
}

/** Nobody waits for it: if the store is closed by then, or refuses it, it is a write that was lost. */
async function writeLate(inner: Store, ...write: Parameters<Store["write"]>): Promise<void> {
  try {
    await inner.write(...write);
  } catch {}
}
