import type { ReadPlan } from "../../spec/read-plan.ts";
import { primaryKeyOf, type Table } from "../../spec/table.ts";
import { ttlReadable } from "./cells.ts";
import { equalities, quoted, tableName } from "./cql-text.ts";
import { type Bindings, markersOf, type Statement } from "./statement.ts";

/** The statements of one read, to be run one after the other until the limit is reached. Mostly there is one. */
export type Select = readonly Statement[];

/** The restrictions that leave only the rows behind a cursor; several where no single one says it. */
interface Behind {
  readonly cql: string;
  readonly columns: readonly string[];
}

/** Equal for plans that need the same CQL. */
export function selectShape(plan: ReadPlan): string {
  return `${plan.kind} ${fixedColumns(plan).length} ${plan.after !== undefined} ${hasLimit(plan)}`;
}

export function selectStatements(keyspace: string, plan: ReadPlan): Select {
  const { table } = plan;
  const fixed = fixedColumns(plan);
  const behind = plan.after === undefined ? [undefined] : restrictionsBehind(table, openColumns(plan));
  return behind.map((cursor) => ({
    cql: [
      `SELECT ${selected(plan)} FROM ${tableName(keyspace, table)} WHERE ${equalities(fixed)}`,
      ...(cursor === undefined ? [] : [`AND ${cursor.cql}`]),
      ...(hasLimit(plan) ? ["LIMIT ?"] : []),
    ].join(" "),
    markers: [
      ...markersOf("where", fixed),
      ...markersOf("after", cursor?.columns ?? []),
      ...(hasLimit(plan) ? markersOf("limit", [LIMIT]) : []),
    ],
  }));
}

/** How many rows a list may have; a row and a count need no limit. */
export const limitOf = ({ kind, limit }: ReadPlan): number | undefined => (kind === "rows" ? limit : undefined);

/** The values for the markers of a select; `limit` is how many rows are still wanted. */
export function selectBindings(plan: ReadPlan, limit: number | undefined): Bindings {
  return { where: plan.where, after: plan.after, limit: { [LIMIT]: limit } };
}

/** The name of the column that holds the TTL of another. No column can be called that. */
export const ttlColumn = (column: string): string => `ttl(${column})`;

/** The name of the column that holds a count. */
export const COUNT_COLUMN = "count";

/** Not a column name: the value is no column's. */
const LIMIT = "[limit]";

const hasLimit = (plan: ReadPlan): boolean => limitOf(plan) !== undefined;

/** The key columns that the plan gives: all of the partition, and the clustering columns it begins with. */
const fixedColumns = ({ table, where }: ReadPlan): readonly string[] =>
  primaryKeyOf(table).filter((column) => Object.hasOwn(where, column) && where[column] !== undefined);

/** The clustering columns that tell its rows apart. */
function openColumns(plan: ReadPlan): readonly string[] {
  const fixed = fixedColumns(plan);
  return plan.table.clustering.map(({ column }) => column).filter((column) => !fixed.includes(column));
}

function selected(plan: ReadPlan): string {
  const { table } = plan;
  if (plan.kind === "count") {
    // A partition of nothing but static columns is one row to count(*), one whose clustering columns are null.
    const [first] = openColumns(plan);
    return `count(${table.static.length > 0 && first !== undefined ? quoted(first) : "*"}) AS ${quoted(COUNT_COLUMN)}`;
  }
  const columns = Object.keys(table.columns).map(quoted);
  return [...columns, ...ttlReadable(table).map((c) => `TTL(${quoted(c)}) AS ${quoted(ttlColumn(c))}`)].join(", ");
}

/**
 * The rows behind a cursor in clustering order. `(a, b) > (?, ?)` compares values, whatever their order is, so it says that
 * only where all columns run one way. Else: first the rows that share all but the last value, then those that share one less.
 */
function restrictionsBehind(table: Table, open: readonly string[]): readonly Behind[] {
  const orders = new Map(table.clustering.map(({ column, order }) => [column, order]));
  const comparison = (column: string): string => (orders.get(column) === "desc" ? "<" : ">");
  const [first] = open;
  if (first === undefined) return [];
  if (open.every((column) => orders.get(column) === orders.get(first))) {
    const [names, marks] = [open.map(quoted).join(", "), open.map(() => "?").join(", ")];
    return [{ cql: `(${names}) ${comparison(first)} (${marks})`, columns: open }];
  }
  return open
    .map((column, i) => ({
      cql: [...open.slice(0, i).map((c) => `${quoted(c)} = ?`), `${quoted(column)} ${comparison(column)} ?`].join(
        " AND ",
      ),
      columns: open.slice(0, i + 1),
    }))
    .reverse();
}
