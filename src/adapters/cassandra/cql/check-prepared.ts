import { show } from "../../../spec/error.ts";
import type { Table } from "../../../spec/table.ts";
import type { AnalysedWrite, Marker, Relation, TableName, WriteShape } from "./analysed.ts";
import type { PreparedColumn, PreparedStatement } from "./prepared-statement.ts";
import { Unclear } from "./unclear.ts";

/** A marker that fills a column, as this parser sees it. */
interface Use {
  readonly marker: Marker;
  readonly column: string;
  readonly isList: boolean;
}

/**
 * Holds the parse against what the server's own parser found: how many markers there are, and which column each one fills. That is all
 * there is for a textual batch, of which the server tells no key, or only the last one. Of TRUNCATE, and of any text without markers, it
 * tells nothing at all. Throws `Unclear`.
 */
export function checkMarkers(
  { markers, statements }: AnalysedWrite,
  prepared: PreparedStatement,
  names: readonly TableName[],
): void {
  if (prepared.columns.length !== markers) {
    throw new Unclear(`${markers} markers were read, and the server knows ${prepared.columns.length}`, 0);
  }
  for (const [i, statement] of statements.entries()) {
    for (const use of usesIn(statement)) checkUse(use, prepared.columns[use.marker.index], names[i]);
  }
}

function checkUse(
  { column, isList, marker }: Use,
  found: PreparedColumn | undefined,
  name: TableName | undefined,
): void {
  const expected = isList ? `in(${column})` : column;
  const isSame = found?.keyspace === name?.keyspace && found?.table === name?.table;
  if (isSame && (marker.isNamed || found?.name === expected)) return;
  const [ours, theirs] = [`${name?.table}.${expected}`, `${found?.table}.${found?.name}`];
  throw new Unclear(
    `marker ${marker.index + 1} was read as ${show(ours)}, and the server has ${show(theirs)}`,
    marker.at,
  );
}

/** The partition key's markers of a single statement must be those that the server found. Throws `Unclear`. */
export function checkPartition(table: Table, statement: WriteShape, { partitionKeys }: PreparedStatement): void {
  const last = new Map<string, number>();
  for (const { column, isList, marker } of usesIn(statement)) if (!isList) last.set(column, marker.index);
  const indexes = table.partition.map((column) => last.get(column));
  // Of `IN (?, ?)` the server tells the last marker only, and nothing where a column has none or is `IN ?`.
  const expected = indexes.includes(undefined) ? [] : indexes;
  if (expected.length === partitionKeys.length && expected.every((index, i) => index === partitionKeys[i])) return;
  throw new Unclear(
    `the partition key of ${table.name} was read from markers [${expected}], and by the server from [${partitionKeys}]`,
    statement.at,
  );
}

function usesIn(statement: WriteShape): readonly Use[] {
  if (statement.op === "truncate") return [];
  if (statement.op === "insertJson") {
    return statement.json.kind === "marker" ? [{ marker: statement.json, column: "[json]", isList: false }] : [];
  }
  if (statement.op === "insert") {
    return [...statement.values].flatMap(([column, term]) =>
      term.kind === "marker" ? [{ marker: term, column, isList: false }] : [],
    );
  }
  return statement.where.flatMap(usesInRelation);
}

function usesInRelation(relation: Relation): readonly Use[] {
  if (relation.kind === "slice") return [];
  const { column } = relation;
  if (relation.kind === "inMarker") return [{ marker: relation.marker, column, isList: true }];
  const terms = relation.kind === "equals" ? [relation.term] : relation.terms;
  return terms.flatMap((term) => (term.kind === "marker" ? [{ marker: term, column, isList: false }] : []));
}
