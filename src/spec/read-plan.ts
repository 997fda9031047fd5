import type { AnyKey, Source } from "./key.ts";
import type { Values } from "./mutation.ts";
import { bindsPartition, partitionName } from "./partition.ts";
import type { Table } from "./table.ts";

/** One read of one partition: what the store turns into CQL. */
export interface ReadPlan {
  readonly kind: "row" | "rows" | "count";
  readonly table: Table;
  /** Canonical values of the partition columns and of any leading clustering columns. */
  readonly where: Values;
  /** Only rows behind this one in clustering order: canonical values of the clustering columns that `where` leaves open. */
  readonly after?: Values;
  /** The most rows to return. */
  readonly limit?: number;
}

/** The read of a row, rows or count key; undefined for a view, which reads through others. */
export function planOf(key: AnyKey, params: Values): ReadPlan | undefined {
  const { reading } = key;
  if (reading.kind === "view") return undefined;
  const { table } = reading.source;
  const limit = reading.kind === "rows" ? reading.first : undefined;
  return {
    kind: reading.kind,
    table,
    where: whereOf(key, reading.source, params),
    ...(limit !== undefined && { limit }),
  };
}

/** The clustering columns that a list leaves open, in order: what tells its rows apart, and what a page cursor is made of. */
export function openClustering(plan: ReadPlan): readonly string[] {
  return plan.table.clustering.map((c) => c.column).filter((column) => !Object.hasOwn(plan.where, column));
}

/** The partitions that this key depends on: those that can be told from its parameters. */
export function partitionsOf(key: AnyKey, params: Values): readonly string[] {
  return key.sources.filter(bindsPartition).map((source) => partitionName(source.table, whereOf(key, source, params)));
}

function whereOf(key: AnyKey, source: Source, params: Values): Values {
  const where: Record<string, unknown> = {};
  for (const [column, param] of Object.entries(source.bind)) {
    where[column] = key.params[param]?.accept(params[param]);
  }
  return where;
}
