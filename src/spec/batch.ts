import { checkNoOrder } from "./batch-order.ts";
import type { Mutation } from "./mutation.ts";
import { MutationError } from "./mutation-error.ts";
import { partitionName } from "./partition.ts";

/** The most mutations in one batch. Cassandra itself warns far earlier, by size. */
export const MAX_BATCH = 500;

/**
 * Refuses what Cassandra would refuse in one batch, or would do otherwise than it reads, before anything is announced.
 * Throws `MutationError`.
 *
 * @example
 * checkBatch([insert(users, { id: 1 }), increment(likes, { post_id }, { likes: 1 })]); // throws: counters live apart
 */
export function checkBatch(mutations: readonly Mutation[]): void {
  if (mutations.length === 0) throw new MutationError("a batch of nothing", "Give at least one mutation");
  if (mutations.length > MAX_BATCH)
    throw new MutationError(`a batch of ${mutations.length} mutations`, `Give at most ${MAX_BATCH}`);
  if (mutations.length === 1) return;
  if (mutations.some((m) => m.op === "truncate")) throw new MutationError("truncate in a batch", "Write it alone");
  const counters = mutations.filter((m) => m.table.counter).length;
  if (counters > 0 && counters < mutations.length) {
    throw new MutationError("counters and other tables in one batch", "Cassandra keeps them apart; write two batches");
  }
  checkConditions(mutations);
  checkNoOrder(mutations);
}

function checkConditions(mutations: readonly Mutation[]): void {
  if (!mutations.some(isConditional)) return;
  const partitions = new Set(
    mutations.map((m) => (m.op === "truncate" ? m.table.name : partitionName(m.table, m.key))),
  );
  if (partitions.size > 1) {
    throw new MutationError(
      `a conditional batch over ${[...partitions].slice(0, 3).join(", ")}`,
      "Conditions hold within one partition of one table",
    );
  }
}

/** True for a lightweight transaction: the server orders it, and it may be decided later by another coordinator. */
export function isConditional(mutation: Mutation): boolean {
  return "condition" in mutation && mutation.condition !== undefined;
}
