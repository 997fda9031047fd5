import { type Client, errors, policies } from "cassandra-driver";
import { isConditional } from "../../spec/batch.ts";
import type { Mutation } from "../../spec/mutation.ts";
import { columnOf } from "../../spec/table.ts";
import { hasManyCells } from "./cells.ts";

type OperationInfo = policies.retry.OperationInfo;
type DecisionInfo = policies.retry.DecisionInfo;
type Consistency = Parameters<policies.retry.RetryPolicy["onUnavailable"]>[1];

/**
 * The retries of one write, made anew for each. Another host is tried once where that is safe, never at another level; what
 * was tried before is remembered, because after it even a refusal leaves the outcome unknown.
 */
export class WriteRetries extends policies.retry.RetryPolicy {
  readonly #isConditional: boolean;
  #maybeWritten = false;

  constructor(isConditional: boolean) {
    super();
    this.#isConditional = isConditional;
  }

  /** True if an attempt before the last may have been applied. */
  get maybeWritten(): boolean {
    return this.#maybeWritten;
  }

  /** Nothing was written, except by a conditional write, whose proposal may be finished by the next one on its partition. */
  override onUnavailable(info: OperationInfo, consistency: Consistency): DecisionInfo {
    return this.#isConditional || info.nbRetry > 0 ? this.rethrowResult() : this.retryResult(consistency, false);
  }

  /** Asked only for writes that may be repeated: a lost connection, an overloaded host. After a timeout nobody waits. */
  override onRequestError(info: OperationInfo, consistency: Consistency, error: Error): DecisionInfo {
    this.#maybeWritten = true;
    if (info.nbRetry > 0 || error instanceof errors.OperationTimedOutError) return this.rethrowResult();
    return this.retryResult(consistency, false);
  }

  override onWriteTimeout(): DecisionInfo {
    this.#maybeWritten = true;
    return this.rethrowResult();
  }

  override onReadTimeout(): DecisionInfo {
    this.#maybeWritten = true; // conditional writes and counters read first; how far they came is not known
    return this.rethrowResult();
  }
}

/**
 * True if doing the mutations twice with one timestamp is like doing them once. It is not for counters, conditional writes,
 * lists of many cells (`['a']` becomes `['a', 'a']`), and TRUNCATE, which would take what was written in between.
 */
export function isRepeatable(mutations: readonly Mutation[]): boolean {
  return mutations.every((mutation) => {
    if (mutation.op === "truncate" || mutation.table.counter || isConditional(mutation)) return false;
    if (!("set" in mutation)) return true;
    const types = Object.keys(mutation.set).map((column) => columnOf(mutation.table, column));
    return !types.some((type) => type?.shape.kind === "list" && hasManyCells(type));
  });
}

/**
 * True unless the client is known to make no speculative executions. Where it makes them, one host may refuse a write that
 * another is still doing, so that "refused" would say too much.
 */
export function speculates(client: Client): boolean {
  const policy = policyOf(client, "speculativeExecution");
  return !(policy instanceof policies.speculativeExecution.NoSpeculativeExecutionPolicy);
}

/** A policy that the client was made with, or the driver's default. */
export const policyOf = (client: Client, name: "retry" | "speculativeExecution"): unknown =>
  at(at(at(client, "options"), "policies"), name);

/** The driver keeps its options, but its types do not tell. */
const at = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
