import { NearkeyError } from "../spec/error.ts";
import { insert, type Mutation, MutationError, removePartition, removeRange, type Values } from "../spec/mutation.ts";
import type { Table } from "../spec/table.ts";
import type { BatchItem } from "./batch-schema.ts";
import { pointerTo } from "./body-faults.ts";
import { type Fault, HttpProblem } from "./problem.ts";
import { incrementUntyped, removeUntyped, updateUntyped } from "./untyped-mutations.ts";
import type { WritableTables } from "./writable-tables.ts";
import { ttl } from "./write-options.ts";

/** The mutations of a checked batch body. Throws an `HttpProblem` that lists every item that cannot be done, with its place. */
export function batchMutations(items: readonly BatchItem[], tables: WritableTables): readonly Mutation[] {
  const mutations: Mutation[] = [];
  const faults: Fault[] = [];
  for (const [i, item] of items.entries()) {
    try {
      mutations.push(mutationOf(item, tableOf(item, tables)));
    } catch (error) {
      if (!(error instanceof NearkeyError)) throw error;
      faults.push({ pointer: pointerTo([i]), detail: error.message });
    }
  }
  if (faults.length === 0) return mutations;
  const detail = faults.slice(0, 3).map((fault) => `${fault.pointer}: ${fault.detail}`);
  throw new HttpProblem("invalid-write", { detail: detail.join("; "), code: "E_MUTATION", errors: faults });
}

function tableOf(item: BatchItem, tables: WritableTables): Table {
  const found = tables.get(item.table);
  if (found === undefined)
    throw new MutationError(`there is no table ${item.table}`, `There are ${[...tables.keys()]}`);
  return found.table;
}

function mutationOf(item: BatchItem, table: Table): Mutation {
  switch (item.op) {
    case "insert":
      return insert(
        table,
        { ...item.set, ...item.key },
        {
          ...(item.ifNotExists && { ifNotExists: item.ifNotExists }),
          ...ttl(item.ttlSeconds),
        },
      );
    case "update":
      return updateUntyped(table, item.key, item.set, { ...conditionOf(item), ...ttl(item.ttlSeconds) });
    case "delete":
      return removeUntyped(table, item.key, conditionOf(item));
    case "increment":
      return incrementUntyped(table, item.key, item.by);
    case "deletePartition":
      return removePartition(table, item.key);
    case "deleteRange":
      return removeRange(table, item.key, item.range);
  }
}

function conditionOf(item: { readonly ifExists?: true | undefined; readonly if?: Values | undefined }) {
  return { ...(item.ifExists && { ifExists: item.ifExists }), ...(item.if && { if: item.if }) };
}
