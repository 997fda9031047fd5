import { insert, type Mutation, removePartition, type Values } from "../spec/mutation.ts";
import { regularColumnsOf, type Table } from "../spec/table.ts";
import type { ColumnsSchema } from "./table-schemas.ts";
import { incrementUntyped, removeUntyped, updateUntyped } from "./untyped-mutations.ts";
import { ttl, type Understood, type WriteOptions } from "./write-options.ts";
import type { WriteTarget } from "./write-target.ts";

/** A method of a row or partition: what it understands, and the mutation that it means. */
export interface RowMethod {
  readonly understood: Understood;
  /** The schema of its body; undefined for a method without. */
  readonly body: ColumnsSchema | undefined;
  mutation(key: Values, set: Values, options: WriteOptions): Mutation;
}

/** The methods that a row or partition has, by name. */
export function methodsOf({ kind, table, schemas }: WriteTarget): ReadonlyMap<string, RowMethod> {
  if (kind === "partition") return partitionMethods(table, schemas.partitionBody);
  if (table.counter) {
    return new Map([
      ["PATCH", incrementing(table, schemas.amountsBody)],
      ["DELETE", deleting(table)],
    ]);
  }
  return new Map([
    ["PUT", putting(table, schemas.rowBody)],
    ["PATCH", patching(table, schemas.rowBody)],
    ["DELETE", deleting(table)],
  ]);
}

function partitionMethods(table: Table, body: ColumnsSchema): ReadonlyMap<string, RowMethod> {
  const methods = new Map<string, RowMethod>();
  if (table.static.length > 0 && !table.counter) methods.set("PATCH", patching(table, body));
  return methods.set("DELETE", {
    understood: { ttl: false, preconditions: [] },
    body: undefined,
    mutation: (key) => removePartition(table, key),
  });
}

/**
 * PUT makes the row what the body says: a column that the body leaves out becomes empty, except static ones, which are not the row's. To
 * replace a row only where there is one, Cassandra needs an UPDATE.
 */
function putting(table: Table, body: ColumnsSchema): RowMethod {
  const empty = Object.fromEntries(regularColumnsOf(table).map((column) => [column, null]));
  return {
    understood: { ttl: true, preconditions: ["exists", "notExists"] },
    body,
    mutation(key, set, { precondition, ttlSeconds }) {
      if (precondition === "exists")
        return updateUntyped(table, key, { ...empty, ...set }, { ifExists: true, ...ttl(ttlSeconds) });
      // Where there is no row there is nothing to empty, and each null would cost a tombstone.
      if (precondition === "notExists")
        return insert(table, { ...set, ...key }, { ifNotExists: true, ...ttl(ttlSeconds) });
      return insert(table, { ...empty, ...set, ...key }, ttl(ttlSeconds));
    },
  };
}

/** PATCH sets the columns that the body names, and leaves the others; where there is no row it makes one, as Cassandra does. */
function patching(table: Table, body: ColumnsSchema): RowMethod {
  return {
    understood: { ttl: true, preconditions: ["exists"] },
    body,
    mutation: (key, set, { precondition, ttlSeconds }) =>
      updateUntyped(table, key, set, { ...(precondition === "exists" && { ifExists: true }), ...ttl(ttlSeconds) }),
  };
}

function incrementing(table: Table, body: ColumnsSchema): RowMethod {
  return {
    understood: { ttl: false, preconditions: [] },
    body,
    mutation: (key, amounts) => incrementUntyped(table, key, amounts),
  };
}

/** Cassandra has no conditions on counters. */
function deleting(table: Table): RowMethod {
  return {
    understood: { ttl: false, preconditions: table.counter ? [] : ["exists"] },
    body: undefined,
    mutation: (key, _set, { precondition }) =>
      removeUntyped(table, key, precondition === "exists" ? { ifExists: true } : {}),
  };
}
