import type { Logger } from "pino";
import type { Store } from "../ports/store.ts";
import { StoreReadError } from "../ports/store-errors.ts";
import { catalogOf, type KeySet } from "../spec/catalog.ts";
import type { Config } from "./config.ts";
import { keepTrying } from "./keep-trying.ts";
import { SchemaMismatchError } from "./start-error.ts";

/** Compares the live keyspace with what is declared; tries until it is told. Throws `SchemaMismatchError`. */
export async function checkSchema(
  store: Store,
  { config, keys }: { readonly config: Config; readonly keys: KeySet },
  trying: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<void> {
  const attempt = async () => {
    const differences = await store.compareSchema([...catalogOf(keys).tables.values()]);
    if (differences.length > 0) throw new SchemaMismatchError(config.keyspace, differences);
  };
  await keepTrying(
    {
      what: "schema",
      done: "checked",
      where: config.keyspace,
      attempt,
      hopeless: (error) => (error instanceof StoreReadError || !(error instanceof Error) ? undefined : error),
      reasonOf: (error) => (error instanceof Error ? error.message : String(error)),
    },
    trying,
  );
}
