import type { Clock } from "../../ports/clock.ts";
import type { Store, StoreWrite } from "../../ports/store.ts";
import { StoreReadError, WriteRefusedError } from "../../ports/store-errors.ts";
import { checkBatch, isConditional } from "../../spec/batch.ts";
import { type Mutation, MutationError } from "../../spec/mutation.ts";
import { columnOf, type Table } from "../../spec/table.ts";
import { conditionClash, conditionHolds } from "./memory-condition.ts";
import { readPartition } from "./memory-read.ts";
import { differencesIn } from "./memory-schema.ts";
import { MemoryTable } from "./memory-table.ts";
import { type TombstoneLimits, Tombstones } from "./memory-tombstones.ts";

const DEFAULT_LIMITS: TombstoneLimits = { graceMs: 3_600_000, max: 100_000 };

export interface MemoryStoreOptions {
  /** TTLs run on its wall clock, and it gives conditional writes and counters their timestamps. */
  readonly clock: Clock;
  /** The tables there are. Without them any table may be used, and is there from its first write. */
  readonly tables?: readonly Table[] | undefined;
  /** How long deletes are remembered. Default: an hour, and 100,000 of them. */
  readonly tombstones?: Partial<TombstoneLimits> | undefined;
}

export interface MemoryStore extends Store {
  /** Rows held, dead ones included until they are swept. */
  readonly size: number;
}

/**
 * A database in this process, with Cassandra's rules of what a write does, for demos, tests and the simulator. Proven
 * against the real one by `test/integration/cassandra-store-model.test.ts`.
 */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const engine = new MemoryEngine(options);
  return {
    async read(plan) {
      const memory = engine.tableToRead(plan.table);
      return readPartition(memory?.partition(plan.where), plan, options.clock.now().wallMs);
    },
    async write(mutations, { timestampMicros }) {
      return engine.write(mutations, timestampMicros);
    },
    async compareSchema(tables) {
      return options.tables === undefined ? [] : differencesIn(byName(options.tables), tables);
    },
    async checkLevels() {
      return { overlap: true, words: "one copy in memory: every read sees every write" };
    },
    async ping() {
      engine.assertOpen();
    },
    async close() {
      engine.close();
    },
    get size() {
      return engine.size;
    },
  };
}

class MemoryEngine {
  readonly #clock: Clock;
  readonly #declared: ReadonlyMap<string, Table> | undefined;
  readonly #tombstones: Tombstones;
  readonly #tables = new Map<string, MemoryTable>();
  #lastServerMicros = 0;
  #isOpen = true;

  constructor({ clock, tables, tombstones }: MemoryStoreOptions) {
    this.#clock = clock;
    this.#declared = tables && byName(tables);
    this.#tombstones = new Tombstones({ ...DEFAULT_LIMITS, ...tombstones });
  }

  /** The rows of a table; undefined if none was ever written. */
  tableToRead(table: Table): MemoryTable | undefined {
    this.assertOpen();
    const problem = this.#problemWith(table);
    if (problem !== undefined) throw new StoreReadError(problem, "Give createMemoryStore the table");
    return this.#tables.get(table.name);
  }

  /** In one step: JavaScript runs nothing else between the conditions and the last of the mutations. */
  write(mutations: readonly Mutation[], timestampMicros: number): StoreWrite {
    this.#refuse(mutations);
    const atSec = Math.floor(this.#clock.now().wallMs / 1000);
    const places = mutations.map((mutation) => ({ mutation, memory: this.#tableToWrite(mutation.table) }));
    if (!places.every(({ memory, mutation }) => conditionHolds(memory, mutation, atSec))) return { applied: false };
    const isOrderedHere = mutations.some((mutation) => isConditional(mutation) || mutation.table.counter);
    const timestamp = isOrderedHere ? this.#serverMicros() : timestampMicros;
    for (const { memory, mutation } of places)
      memory.apply(mutation, { timestamp, atSec, ttlSeconds: ttlOf(mutation) });
    const left = mutations.reduce((sum, mutation) => sum + tombstonesOf(mutation), 0);
    this.#tombstones.gather(left, atSec, (cutSec, nowSec) => this.#sweep(cutSec, nowSec));
    return { applied: true };
  }

  get size(): number {
    return [...this.#tables.values()].reduce((sum, table) => sum + table.size, 0);
  }

  assertOpen(): void {
    if (!this.#isOpen) throw new StoreReadError("the memory store is closed", "Read before closing it");
  }

  close(): void {
    this.#isOpen = false;
    this.#tables.clear();
  }

  #refuse(mutations: readonly Mutation[]): void {
    if (!this.#isOpen) throw new WriteRefusedError("the memory store is closed", "Write before closing it");
    try {
      checkBatch(mutations);
    } catch (error) {
      if (!(error instanceof MutationError)) throw error;
      throw new WriteRefusedError("no such batch can be written", error.message, { cause: error });
    }
    const clash = conditionClash(mutations);
    if (clash !== undefined) throw new WriteRefusedError(clash, "Cassandra takes no such condition; write them apart");
    for (const { table } of mutations) {
      const problem = this.#problemWith(table);
      if (problem !== undefined) throw new WriteRefusedError(problem, "Give createMemoryStore the table");
    }
  }

  #problemWith(table: Table): string | undefined {
    if (this.#declared === undefined) return undefined;
    const difference = differencesIn(this.#declared, [table])[0];
    if (difference === undefined) return undefined;
    const { column, declared, live } = difference;
    return `table ${table.name}${column === undefined ? "" : `, column ${column}`}: declared is ${declared}, there is ${live}`;
  }

  #tableToWrite(table: Table): MemoryTable {
    const found = this.#tables.get(table.name);
    if (found !== undefined) return found;
    const memory = new MemoryTable(this.#declared?.get(table.name) ?? table);
    this.#tables.set(table.name, memory);
    return memory;
  }

  #sweep(cutSec: number, nowSec: number): number {
    return [...this.#tables.values()].reduce((dead, table) => dead + table.sweep(cutSec, nowSec), 0);
  }

  /** Later than every timestamp given here before, as a server's are for one partition. */
  #serverMicros(): number {
    this.#lastServerMicros = Math.max(this.#lastServerMicros + 1, Math.floor(this.#clock.now().wallMs * 1000));
    return this.#lastServerMicros;
  }
}

const byName = (tables: readonly Table[]): ReadonlyMap<string, Table> =>
  new Map(tables.map((table) => [table.name, table]));

const ttlOf = (mutation: Mutation): number | undefined => ("ttlSeconds" in mutation ? mutation.ttlSeconds : undefined);

/** How many tombstones a mutation may leave, at once or when its cells expire. */
function tombstonesOf(mutation: Mutation): number {
  if (mutation.op === "truncate" || mutation.op === "increment") return 0;
  if (!("set" in mutation)) return 1;
  const { set, table } = mutation;
  if (mutation.ttlSeconds !== undefined) return 1 + Object.keys(set).length;
  // A collection is deleted before it is written.
  return Object.entries(set).filter(
    ([column, value]) => value === null || "frozen" in (columnOf(table, column)?.shape ?? {}),
  ).length;
}
