import type { Logger } from "pino";
import type { Store } from "../ports/store.ts";
import { StoreReadError } from "../ports/store-errors.ts";
import { catalogOf, type KeySet } from "../spec/catalog.ts";
import type { Config } from "./config.ts";
import { keepTrying } from "./keep-trying.ts";
import { SchemaMismatchError, WeakLevelsError } from "./start-error.ts";

/**
 * Compares the live keyspace with what is declared and configured. True if reads overlap writes. Throws `SchemaMismatchError` and,
 * unless weak levels are allowed, `WeakLevelsError`.
 */
export async function checkStore(
  store: Store,
  { config, keys }: { readonly config: Config; readonly keys: KeySet },
  trying: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<boolean> {
  const check = async () => {
    const differences = await store.compareSchema([...catalogOf(keys).tables.values()]);
    if (differences.length > 0) throw new SchemaMismatchError(config.keyspace, differences);
    return store.checkLevels();
  };
  const { overlap, words } = await keepTrying(
    {
      what: "schema",
      done: "checked",
      where: config.keyspace,
      attempt: check,
      hopeless: (error) => (error instanceof StoreReadError || !(error instanceof Error) ? undefined : error),
      reasonOf: (error) => (error instanceof Error ? error.message : String(error)),
    },
    trying,
  );
  if (overlap) return true;
  if (!config.allowWeak) throw new WeakLevelsError(words);
  trying.logger.warn({ words, assumes: `replicas agree within ${config.settleMs} ms` }, "weak-levels-allowed");
  return false;
}
