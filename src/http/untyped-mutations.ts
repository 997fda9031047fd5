import { type Mutation, MutationError, type Values } from "../spec/mutation.ts";
import {
  acceptAll,
  conditionOf,
  exactKey,
  type GivenCondition,
  refuseCounters,
  ttlOf,
  updateKey,
} from "../spec/mutation-values.ts";
import { primaryKeyOf, type Table } from "../spec/table.ts";

/*
 * The mutations whose types ask for the names of columns, for tables that are known at run time only. The checks are those of
 * `spec/mutation.ts`; the values come checked by the schemas of the table.
 */

export interface UntypedOptions extends GivenCondition {
  readonly ttlSeconds?: number;
}

export function updateUntyped(table: Table, key: Values, set: Values, options: UntypedOptions): Mutation {
  refuseCounters(table, "update");
  const values = acceptAll(table, set);
  const condition = conditionOf(table, options);
  return Object.freeze({
    op: "update",
    table,
    key: updateKey(table, key, values, condition),
    set: values,
    ...(condition && { condition }),
    ...ttlOf(table, options.ttlSeconds),
  });
}

export function removeUntyped(table: Table, key: Values, given: GivenCondition): Mutation {
  const condition = conditionOf(table, given);
  return Object.freeze({
    op: "delete",
    table,
    key: exactKey(table, key, primaryKeyOf(table)),
    ...(condition && { condition }),
  });
}

export function incrementUntyped(table: Table, key: Values, amounts: Values): Mutation {
  const by = acceptAll(table, amounts);
  if (!table.counter || Object.keys(by).length === 0) {
    throw new MutationError(`increment of ${table.name} by nothing`, "Give a whole number for at least one counter");
  }
  return Object.freeze({ op: "increment", table, key: exactKey(table, key, primaryKeyOf(table)), by });
}
