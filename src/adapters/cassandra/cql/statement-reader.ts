import type { Client } from "cassandra-driver";
import { LRUCache } from "lru-cache";
import { analyse } from "./analyse.ts";
import type { Analysed, AnalysedWrite, Refusal } from "./analysed.ts";
import { type Declared, type Derived, deriveMutations, NOTHING_PREPARED } from "./derive-mutations.ts";
import { preparedStatement, storedBy } from "./prepared-metadata.ts";
import { refusalFrom } from "./refusal.ts";

/** So many characters of texts are remembered. More of them means values written into the text, and each is then read anew. */
const MAX_CHARACTERS = 4_194_304;

/**
 * Tells what statements write, for one client. What it tells holds for executions with `prepare: true` only: without, the driver
 * guesses the types of the values, and may store others.
 *
 * @example
 * const reader = new StatementReader(client, { keyspace: "social", tables });
 * const analysed = reader.analyse(cql);
 * if (analysed.kind === "write") await reader.mutations(cql, analysed, params);
 */
export class StatementReader {
  readonly #client: Client;
  readonly #declared: Declared;
  readonly #texts = new LRUCache<string, Analysed>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_, cql) => cql.length + 1,
  });

  constructor(client: Client, declared: Declared) {
    this.#client = client;
    this.#declared = declared;
  }

  /** The keyspace of tables that a text names without one. */
  get sessionKeyspace(): string | undefined {
    return this.#client.keyspace || undefined;
  }

  /** What kind of statement this is. Never throws. */
  analyse(cql: string): Analysed {
    const found = this.#texts.get(cql);
    if (found !== undefined) return found;
    const analysed = analyse(cql);
    this.#texts.set(cql, analysed);
    return analysed;
  }

  /**
   * What an execution with these parameters writes to the declared tables. Rejects with what the driver says where the server does
   * not take the text: then nothing is written either. Throws `MutationError` for a TTL on a table declared to have none.
   */
  async mutations(cql: string, analysed: AnalysedWrite, params: unknown): Promise<Derived | Refusal> {
    try {
      const prepared = analysed.markers === 0 ? NOTHING_PREPARED : await preparedStatement(this.#client, cql);
      const { sessionKeyspace } = this;
      const execution = { prepared, params: params ?? [], stored: storedBy(this.#client), sessionKeyspace };
      return deriveMutations(analysed, execution, this.#declared);
    } catch (error) {
      return refusalFrom(error, {});
    }
  }

  /** To be called when the schema has changed: the driver keeps what it knows of a statement, and would encode by it, for ever. */
  clear(): void {
    this.#client.metadata.clearPrepared();
    this.#texts.clear();
  }
}
