import { z } from "zod";
import { columnOf, primaryKeyOf, regularColumnsOf, type Table } from "../spec/table.ts";

/** The schema of an object of columns. A name that is no column, or no column here, is refused. */
export type ColumnsSchema = z.ZodType<Readonly<Record<string, unknown>>>;

/** What HTTP bodies hold of one table, as zod schemas that `z.toJSONSchema` can convert. */
export interface TableSchemas {
  /** The whole primary key. */
  readonly key: ColumnsSchema;
  /** The partition key. */
  readonly partitionKey: ColumnsSchema;
  /** The partition key, and any clustering columns: whether they fit the write is for the write to say. */
  readonly keyPrefix: ColumnsSchema;
  /** The columns outside the key, any of them; a null empties the cell. */
  readonly values: ColumnsSchema;
  /** An amount for each counter named. */
  readonly amounts: ColumnsSchema;
  /** The body of `PUT` and `PATCH` of a row: `values`, and the key's columns, so that what was read may be sent back. */
  readonly rowBody: ColumnsSchema;
  /** The body of `PATCH` of a partition: its static columns, and the partition key's. */
  readonly partitionBody: ColumnsSchema;
  /** The body of `PATCH` of a row of counters: `amounts`, and the key's columns. */
  readonly amountsBody: ColumnsSchema;
}

type Wrap = (type: z.ZodType) => z.ZodType;

const required: Wrap = (type) => type;
const optional: Wrap = (type) => type.optional();
const nullable: Wrap = (type) => type.nullable().optional();

/**
 * Derives the schemas of a table from its columns.
 *
 * @example
 * tableSchemas(users).rowBody.safeParse({ name: "Ada", email: null }).success // true
 */
export function tableSchemas(table: Table): TableSchemas {
  const all = (names: readonly string[], wrap: Wrap) => columns(table, names, wrap);
  const key = primaryKeyOf(table);
  const clustering = table.clustering.map((c) => c.column);
  const regular = regularColumnsOf(table);
  const values = all([...regular, ...table.static], nullable);
  const amounts = all(table.counter ? regular : [], optional);
  return {
    key: z.strictObject(all(key, required)),
    partitionKey: z.strictObject(all(table.partition, required)),
    keyPrefix: z.strictObject({ ...all(table.partition, required), ...all(clustering, optional) }),
    values: z.strictObject(values),
    amounts: z.strictObject(amounts),
    rowBody: z.strictObject({ ...all(key, optional), ...values }),
    partitionBody: z.strictObject({ ...all(table.partition, optional), ...all(table.static, nullable) }),
    amountsBody: z.strictObject({ ...all(key, optional), ...amounts }),
  };
}

function columns(table: Table, names: readonly string[], wrap: Wrap): Readonly<Record<string, z.ZodType>> {
  const shape: Record<string, z.ZodType> = {};
  for (const name of names) {
    const type = columnOf(table, name);
    if (type !== undefined) shape[name] = wrap(type.json);
  }
  return shape;
}
