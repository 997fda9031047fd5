import type { Mutation } from "../../src/index.ts";
import type { ReadLevel, Store, StoreRead, StoreWrite } from "../../src/ports/store.ts";
import { StoreReadError, WriteRefusedError, WriteUnknownError } from "../../src/ports/store-errors.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import { beginCall } from "./call.ts";
import { type Chance, delay } from "./chance.ts";
import type { Database, Told } from "./database.ts";
import type { Write } from "./history.ts";
import { readPartition } from "./query.ts";
import type { SimProcess } from "./sim-process.ts";
import type { World } from "./world.ts";

/** The database as one process sees it: with its deadlines, and answers that wait while the process stands still. */
export class StorePort implements Store {
  readonly #world: World;
  readonly #database: Database;
  readonly #process: SimProcess;
  /** Which write of the history these mutations are. */
  readonly #writeOf: (mutations: readonly Mutation[]) => Write | undefined;

  constructor(
    world: World,
    database: Database,
    process: SimProcess,
    writeOf: (mutations: readonly Mutation[]) => Write | undefined,
  ) {
    this.#world = world;
    this.#database = database;
    this.#process = process;
    this.#writeOf = writeOf;
  }

  read(
    plan: ReadPlan,
    { level, deadlineMs }: { readonly level: ReadLevel; readonly deadlineMs: number },
  ): Promise<StoreRead> {
    this.#world.count(`${level} read`);
    const chance = this.#world.tracks.of(`reads of ${readPartition(plan)} by ${this.#process.name}`);
    return new Promise((resolve, reject) => {
      const call = beginCall(this.#process, deadlineMs, () => reject(new StoreReadError("no answer", "Read again")));
      const tell = this.#receive<StoreRead | undefined>((found) => {
        if (!call.end()) return;
        if (found === undefined) reject(new StoreReadError("the read failed", "Read again"));
        else resolve(found);
      });
      this.#onTheWay(chance, () => this.#database.read(plan, level, chance, tell));
    });
  }

  write(
    mutations: readonly Mutation[],
    { timestampMicros, deadlineMs }: { readonly timestampMicros: number; readonly deadlineMs: number },
  ): Promise<StoreWrite> {
    const write = this.#writeOf(mutations);
    const chance = this.#world.tracks.of(`database, w${write?.n}`);
    if (write !== undefined) {
      write.givenTimestamp = timestampMicros;
      write.isUnfenced = write.mayGoUnfenced && !write.isFenced;
    }
    return new Promise((resolve, reject) => {
      const call = beginCall(this.#process, deadlineMs, () =>
        reject(new WriteUnknownError("no answer", "Read it back")),
      );
      const tell = this.#receive<Told>((told) => {
        if (!call.end()) return;
        if (told === "refused") reject(new WriteRefusedError("refused", "Write it again"));
        else if (told === "unknown") reject(new WriteUnknownError("the coordinator gave up", "Read it back"));
        else resolve(told);
      });
      this.#onTheWay(chance, () => this.#database.write({ mutations, timestampMicros, write, chance }, tell));
    });
  }

  compareSchema(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  checkLevels(): Promise<{ readonly overlap: true; readonly words: string }> {
    return Promise.resolve({ overlap: true, words: "two of three with two of three" });
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {}

  /** An answer reaches the process that asked, if it still lives. */
  #receive<T>(take: (answer: T) => void): (answer: T) => void {
    const isAlive = this.#process.watchLife();
    return (answer) => {
      if (isAlive()) this.#process.enter("store", () => take(answer));
    };
  }

  /** Sent is sent: the process may die meanwhile. */
  #onTheWay(chance: Chance, arrive: () => void): void {
    this.#world.agenda.after(delay(chance, 10), arrive);
  }
}
