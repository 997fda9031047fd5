import type { ColumnType } from "../../../spec/column-type.ts";
import { show, ValueError } from "../../../spec/error.ts";
import { columnOf, primaryKeyOf, type Table } from "../../../spec/table.ts";
import { elementForm } from "../../../spec/types/nesting.ts";
import { fromDriver } from "../codec.ts";
import type { Marker, Relation, Term } from "./analysed.ts";
import type { BoundValues } from "./bound-values.ts";
import { canonicalJson, type JsonRow } from "./json-row.ts";
import { canonicalLiteral } from "./literals.ts";
import { Unclear } from "./unclear.ts";

/** The values, canonical, that a statement gives to each key column that it fixes; several where it says IN. */
export type KeyValues = ReadonlyMap<string, readonly unknown[]>;

/** Of an INSERT. Throws `Unclear`. */
export function insertedKey(table: Table, values: ReadonlyMap<string, Term>, bound: BoundValues): KeyValues {
  const key = new Map<string, readonly unknown[]>();
  for (const column of primaryKeyOf(table)) {
    const term = values.get(column);
    if (term !== undefined) key.set(column, [canonicalTerm(table, column, term, bound)]);
  }
  return key;
}

/** Of an INSERT JSON. Throws `Unclear`. */
export function jsonKey(table: Table, row: JsonRow, at: number): KeyValues {
  const key = new Map<string, readonly unknown[]>();
  for (const column of primaryKeyOf(table)) {
    if (row.has(column)) key.set(column, [canonicalIn(table, column, row.get(column), at)]);
  }
  return key;
}

/** Of a WHERE. Throws `Unclear`. */
export function restrictedKey(table: Table, where: readonly Relation[], bound: BoundValues): KeyValues {
  const key = new Map<string, readonly unknown[]>();
  for (const relation of where) {
    checkColumns(table, relation);
    if (relation.kind === "slice") continue;
    if (key.has(relation.column)) throw new Unclear(`${relation.column} is restricted twice`, relation.at);
    key.set(relation.column, valuesIn(table, relation, bound));
  }
  return key;
}

function checkColumns(table: Table, relation: Relation): void {
  const [columns, allowed] =
    relation.kind === "slice"
      ? [relation.columns, table.clustering.map(({ column }) => column)]
      : [[relation.column], primaryKeyOf(table)];
  const other = columns.find((column) => !allowed.includes(column));
  if (other === undefined) return;
  throw new Unclear(
    `${other} is no ${relation.kind === "slice" ? "clustering" : "key"} column of ${table.name}`,
    relation.at,
  );
}

function valuesIn(table: Table, of: Exclude<Relation, { kind: "slice" }>, bound: BoundValues): readonly unknown[] {
  if (of.kind === "equals") return [canonicalTerm(table, of.column, of.term, bound)];
  if (of.kind === "in") return of.terms.map((term) => canonicalTerm(table, of.column, term, bound));
  const list = bound.stored(of.marker);
  if (!Array.isArray(list)) throw new Unclear(`the value for ${of.column} IN is no list`, of.marker.at);
  // The server reads a list anew, as it does where it is the value of a column.
  return list.map((value) => canonicalStored(table, of.column, value, of.marker, elementForm));
}

function canonicalTerm(table: Table, column: string, term: Term, bound: BoundValues): unknown {
  if (term.kind === "marker") return canonicalStored(table, column, bound.stored(term), term);
  if (term.kind === "other")
    throw new Unclear(`the value of key column ${column} is no marker or literal: ${term.reason}`, term.at);
  const type = columnOf(table, column);
  const value = type && canonicalLiteral(type, term.type, term.text);
  if (value !== undefined) return value;
  throw new Unclear(`${show(term.text)} as the ${type?.cql} ${table.name}.${column} is not understood`, term.at);
}

function canonicalStored(
  table: Table,
  column: string,
  stored: unknown,
  { at }: Marker,
  form = (type: ColumnType): ColumnType => type,
): unknown {
  const type = columnOf(table, column);
  try {
    const value = type && fromDriver(form(type), stored);
    if (value !== undefined && value !== null) return value;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new Unclear(`the value of key column ${table.name}.${column}: ${error.message}`, at);
  }
  throw new Unclear(`key column ${table.name}.${column} is given null or nothing`, at);
}

function canonicalIn(table: Table, column: string, json: unknown, at: number): unknown {
  const type = columnOf(table, column);
  const value = type && canonicalJson(type, json);
  if (value !== undefined) return value;
  throw new Unclear(`${show(json)} in JSON as the ${type?.cql} ${table.name}.${column} is not understood`, at);
}
