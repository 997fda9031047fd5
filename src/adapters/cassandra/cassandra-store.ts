import { type Client, type QueryOptions, types } from "cassandra-driver";
import type { ReadLevel, Store, StoreRead, StoreWrite } from "../../ports/store.ts";
import { StoreReadError, WriteRefusedError } from "../../ports/store-errors.ts";
import { checkBatch, isConditional } from "../../spec/batch.ts";
import { type Mutation, MutationError } from "../../spec/mutation.ts";
import type { ReadPlan } from "../../spec/read-plan.ts";
import { before, type Deadline, deadlineIn } from "./deadline.ts";
import { connectFailure, readFailure, writeFailure } from "./failures.ts";
import { checkOverlap, replicationFrom } from "./level-overlap.ts";
import { consistencyOf, DEFAULT_LEVELS, type Levels, readConsistency, serialConsistencyOf } from "./levels.ts";
import { keepOneRefresh } from "./one-refresh.ts";
import { readLiveSchema } from "./read-live-schema.ts";
import { ReadRetries } from "./read-retries.ts";
import { allRows, type ReadRun, readCount, readRows } from "./read-rows.ts";
import { schemaDifferences } from "./schema-differences.ts";
import { type Select, selectShape, selectStatements } from "./select-statement.ts";
import { bind, type Statement, StatementCache } from "./statement.ts";
import { textMap } from "./text-map.ts";
import { isRepeatable, speculates, WriteRetries } from "./write-retries.ts";
import { writeBindings, writeShape, writeStatement } from "./write-statement.ts";

/** For questions about the schema, which no caller gives a deadline. */
const SCHEMA_DEADLINE_MS = 10_000;
const CLOSE_DEADLINE_MS = 5_000;

export interface CassandraStoreOptions {
  /** Connected or not, created with `encoding: driverEncoding`. Its retry policy is not used: it could lower a level. */
  readonly client: Client;
  readonly keyspace: string;
  /** Default: LOCAL_QUORUM for writes and strong reads, LOCAL_SERIAL for conditions. Weak reads are at LOCAL_ONE. */
  readonly level?: Partial<Levels> | undefined;
  /** Shut the client down on `close`. Default false: who created it ends it. */
  readonly closeClient?: boolean | undefined;
}

/**
 * A keyspace of Cassandra as a store.
 *
 * @example
 * const client = new Client({ contactPoints, localDataCenter, encoding: driverEncoding });
 * const store = createCassandraStore({ client, keyspace: "social" });
 */
export function createCassandraStore(options: CassandraStoreOptions): Store {
  return new CassandraStore(options);
}

class CassandraStore implements Store {
  readonly #client: Client;
  readonly #keyspace: string;
  readonly #levels: Levels;
  readonly #closeClient: boolean;
  readonly #mayRepeat: boolean;
  readonly #selects = new StatementCache<Select>();
  readonly #writes = new StatementCache<Statement>();
  readonly #readRetries = new ReadRetries();
  #connecting: Promise<void> | undefined;
  #isConnected = false;
  #isOpen = true;

  constructor({ client, closeClient = false, keyspace, level }: CassandraStoreOptions) {
    this.#client = client;
    this.#keyspace = keyspace;
    this.#levels = { ...DEFAULT_LEVELS, ...level };
    this.#closeClient = closeClient;
    this.#mayRepeat = !speculates(client);
    keepOneRefresh(client);
  }

  async read(
    plan: ReadPlan,
    { deadlineMs, level }: { readonly level: ReadLevel; readonly deadlineMs: number },
  ): Promise<StoreRead> {
    return this.#reading(plan.table.name, deadlineMs, (deadline) => {
      const select = this.#selects.get(plan.table, selectShape(plan), () => selectStatements(this.#keyspace, plan));
      const run = { client: this.#client, options: this.#readOptions(readConsistency(this.#levels, level)), deadline };
      return plan.kind === "count" ? readCount(run, plan, select) : readRows(run, plan, select);
    });
  }

  async write(
    mutations: readonly Mutation[],
    { deadlineMs, timestampMicros }: { readonly timestampMicros: number; readonly deadlineMs: number },
  ): Promise<StoreWrite> {
    const what = [...new Set(mutations.map(({ table }) => table.name))].join(", ");
    if (!this.#isOpen) throw new WriteRefusedError(`writing ${what} after close`, "Write before closing the store");
    refuseBadBatch(mutations);
    const deadline = deadlineIn(deadlineMs);
    await this.#connected(deadline).catch((error: unknown) => {
      throw connectFailure(what, error);
    });
    const conditional = mutations.some(isConditional);
    const retries = new WriteRetries(conditional);
    try {
      const options = { ...this.#writeOptions(mutations, timestampMicros, deadline), retry: retries };
      const result = await before(deadline, this.#send(mutations, options));
      return { applied: conditional ? result.wasApplied() : true };
    } catch (error) {
      throw writeFailure({ what, isConditional: conditional, maybeWritten: retries.maybeWritten }, error);
    }
  }

  async compareSchema(tables: Parameters<Store["compareSchema"]>[0]) {
    return this.#reading("the schema", SCHEMA_DEADLINE_MS, async (deadline) => {
      return schemaDifferences(tables, await readLiveSchema(this.#run(deadline), this.#keyspace));
    });
  }

  async checkLevels() {
    return this.#reading("the replication", SCHEMA_DEADLINE_MS, async (deadline) => {
      const cql = "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?";
      const [found] = await allRows(this.#run(deadline), cql, [this.#keyspace]);
      if (found === undefined) {
        throw new StoreReadError(`there is no keyspace ${this.#keyspace}`, "Create it, or correct its name");
      }
      return checkOverlap(this.#levels, replicationFrom(textMap(found.replication)));
    });
  }

  async ping({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    await this.#reading("system.local", deadlineMs, (deadline) =>
      allRows(this.#run(deadline), "SELECT key FROM system.local"),
    );
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    if (!this.#closeClient) return;
    // Nothing more can be done about a client that does not end.
    await before(deadlineIn(CLOSE_DEADLINE_MS), this.#client.shutdown()).catch(() => {});
  }

  async #reading<T>(what: string, deadlineMs: number, run: (deadline: Deadline) => Promise<T>): Promise<T> {
    if (!this.#isOpen) throw new StoreReadError(`reading ${what} after close`, "Read before closing the store");
    const deadline = deadlineIn(deadlineMs);
    try {
      await this.#connected(deadline);
      return await run(deadline);
    } catch (error) {
      throw error instanceof StoreReadError ? error : readFailure(what, error);
    }
  }

  /** Apart from the request, so that a write is known not to have begun while this waits. */
  async #connected(deadline: Deadline): Promise<void> {
    if (this.#isConnected) return;
    this.#connecting ??= this.#client.connect().finally(() => {
      this.#connecting = undefined;
    });
    await before(deadline, this.#connecting);
    this.#isConnected = true; // from here on the driver reconnects by itself
  }

  #send(mutations: readonly Mutation[], options: QueryOptions): Promise<types.ResultSet> {
    const queries = mutations.map((mutation) => {
      const shape = writeShape(mutation);
      const statement = this.#writes.get(mutation.table, shape, () => writeStatement(this.#keyspace, mutation));
      return { query: statement.cql, params: bind(mutation.table, statement, writeBindings(mutation)) };
    });
    const [first] = queries;
    if (first !== undefined && queries.length === 1) return this.#client.execute(first.query, first.params, options);
    return this.#client.batch(queries, options);
  }

  #writeOptions(mutations: readonly Mutation[], timestampMicros: number, deadline: Deadline): QueryOptions {
    const isCounter = mutations.some(({ table }) => table.counter);
    return {
      prepare: true,
      consistency: consistencyOf(this.#levels.write),
      serialConsistency: serialConsistencyOf(this.#levels.serial),
      readTimeout: deadline.remainingMs(),
      isIdempotent: this.#mayRepeat && isRepeatable(mutations),
      ...(isCounter ? { counter: true } : { logged: true }),
      // The server gives conditional writes and counters a timestamp of its own.
      ...(!isCounter && !mutations.some(isConditional) && { timestamp: timestampMicros }),
    };
  }

  #readOptions(consistency: number): QueryOptions {
    return { prepare: true, consistency, isIdempotent: true, retry: this.#readRetries };
  }

  /** For what every node knows: its own tables. */
  #run(deadline: Deadline): ReadRun {
    return { client: this.#client, options: this.#readOptions(types.consistencies.localOne), deadline };
  }
}

function refuseBadBatch(mutations: readonly Mutation[]): void {
  try {
    checkBatch(mutations);
  } catch (error) {
    if (!(error instanceof MutationError)) throw error;
    throw new WriteRefusedError("no such batch can be written", error.message, { cause: error });
  }
}
