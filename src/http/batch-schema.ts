import { z } from "zod";
import { MAX_BATCH } from "../spec/batch.ts";
import type { WritableTable } from "./writable-tables.ts";

/** One write of a batch. `truncate` is missing on purpose: no request body should empty a table. */
export type BatchItem = z.infer<ReturnType<(typeof ITEMS)[keyof typeof ITEMS]>>;

/** Of the clustering column behind those that the key names; its type is checked when the write is made. */
const bound = z.unknown().optional();
const bounds = z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound });
const flag = z.literal(true).optional();
const ttlSeconds = z.int().positive().optional();

const ITEMS = {
  insert: ({ table, schemas }: WritableTable) =>
    z.strictObject({
      op: z.literal("insert"),
      table: z.literal(table.name),
      key: schemas.key,
      set: schemas.values.optional(),
      ifNotExists: flag,
      ttlSeconds,
    }),
  update: ({ table, schemas }: WritableTable) =>
    z.strictObject({
      op: z.literal("update"),
      table: z.literal(table.name),
      key: schemas.keyPrefix,
      set: schemas.values,
      ifExists: flag,
      if: schemas.values.optional(),
      ttlSeconds,
    }),
  delete: ({ table, schemas }: WritableTable) =>
    z.strictObject({
      op: z.literal("delete"),
      table: z.literal(table.name),
      key: schemas.key,
      ifExists: flag,
      if: schemas.values.optional(),
    }),
  increment: ({ table, schemas }: WritableTable) =>
    z.strictObject({
      op: z.literal("increment"),
      table: z.literal(table.name),
      key: schemas.key,
      by: schemas.amounts,
    }),
  deletePartition: ({ table, schemas }: WritableTable) =>
    z.strictObject({
      op: z.literal("deletePartition"),
      table: z.literal(table.name),
      key: schemas.partitionKey,
    }),
  deleteRange: ({ table, schemas }: WritableTable) =>
    z.strictObject({
      op: z.literal("deleteRange"),
      table: z.literal(table.name),
      key: schemas.keyPrefix,
      range: bounds.optional(),
    }),
};

/**
 * The body of `POST /batch`: a list of writes, each checked against its table.
 *
 * @example
 * batchSchema(tables).parse([{ op: "insert", table: "users", key: { id: 42 }, set: { name: "Ada" } }])
 */
export function batchSchema(tables: readonly WritableTable[]): z.ZodType<readonly BatchItem[]> {
  const plain = tables.filter(({ table }) => !table.counter);
  const counters = tables.filter(({ table }) => table.counter);
  const clustered = tables.filter(({ table }) => table.clustering.length > 0);
  const [first, ...rest] = [
    ...byTable(plain, ITEMS.insert),
    ...byTable(plain, ITEMS.update),
    ...byTable(tables, ITEMS.delete),
    ...byTable(counters, ITEMS.increment),
    ...byTable(tables, ITEMS.deletePartition),
    ...byTable(clustered, ITEMS.deleteRange),
  ];
  const item = first === undefined ? z.never() : z.discriminatedUnion("op", [first, ...rest]);
  return z.array(item).min(1).max(MAX_BATCH);
}

/** One operation on whichever of these tables the item names; nothing where there are none. */
function byTable<S extends z.core.$ZodTypeDiscriminable>(
  tables: readonly WritableTable[],
  item: (of: WritableTable) => S,
): readonly z.ZodDiscriminatedUnion<[S, ...S[]], "table">[] {
  const [first, ...rest] = tables.map(item);
  return first === undefined ? [] : [z.discriminatedUnion("table", [first, ...rest])];
}
