import type { SchemaDifference } from "../../ports/store.ts";
import type { ColumnType } from "../../spec/column-type.ts";
import { describeColumn, primaryKeyOf, type Table } from "../../spec/table.ts";
import type { LiveColumn, LiveSchema, LiveTable } from "./live-schema.ts";

/** Where the live schema differs from the declared tables, in so far as a read or a write would notice. */
export function schemaDifferences(declared: readonly Table[], live: LiveSchema): readonly SchemaDifference[] {
  return declared.flatMap((table) => {
    const found = live.tables.get(table.name);
    if (found === undefined) return [{ table: table.name, column: undefined, declared: "a table", live: "no table" }];
    return [...columnDifferences(table, found), ...typeDifferences(table, live), ...ttlDifference(table, found)];
  });
}

/** A live column that is not declared is of no concern, unless it is part of the key. */
function columnDifferences(table: Table, live: LiveTable): readonly SchemaDifference[] {
  const liveKey = [...live.columns].flatMap(([name, { position }]) => (position >= 0 ? [name] : []));
  const columns = new Set([...primaryKeyOf(table), ...Object.keys(table.columns), ...liveKey]);
  return [...columns].flatMap((column) => {
    const [wanted, found] = [describeColumn(table, column), describeLive(live.columns.get(column))];
    return wanted === found ? [] : [{ table: table.name, column, declared: wanted, live: found }];
  });
}

/** A live column in the words of `describeColumn`. */
export function describeLive(live: LiveColumn | undefined): string {
  if (live === undefined) return "no column";
  const { kind, order, position, type } = live;
  if (kind === "partition_key") return `${type}, partition ${position + 1}`;
  if (kind === "clustering") return `${type}, clustering ${position + 1} ${order}`;
  return kind === "static" ? `${type}, static` : type;
}

function typeDifferences(table: Table, live: LiveSchema): readonly SchemaDifference[] {
  return Object.entries(table.columns).flatMap(([column, type]) =>
    udtsIn(type).flatMap(({ fields, name }) => {
      const found = fieldsOf(live, name);
      if (found === undefined || found.join() === fields.join()) return []; // a type that is missing shows in the column
      const words = (each: readonly string[]): string => `${name}(${each.join(", ")})`;
      return [{ table: table.name, column, declared: words(fields), live: words(found) }];
    }),
  );
}

/** A user-defined type as it is declared. */
export interface Udt {
  readonly name: string;
  /** In the order of CREATE TYPE, each as `street text`. */
  readonly fields: readonly string[];
}

/** The fields of a live type in the same words. */
export const fieldsOf = (live: LiveSchema, type: string): readonly string[] | undefined =>
  live.types.get(type)?.map((field) => `${field.name} ${field.type}`);

/** The user-defined types that a type holds, at any depth. */
export function udtsIn({ shape }: ColumnType): readonly Udt[] {
  switch (shape.kind) {
    case "scalar":
      return [];
    case "map":
      return [...udtsIn(shape.key), ...udtsIn(shape.value)];
    case "tuple":
      return shape.of.flatMap(udtsIn);
    case "udt": {
      const fields = Object.entries(shape.fields);
      const own = { name: shape.name, fields: fields.map(([field, type]) => `${field} ${type.cql}`) };
      return [own, ...fields.flatMap(([, type]) => udtsIn(type))];
    }
    default:
      return udtsIn(shape.of);
  }
}

function ttlDifference(table: Table, { defaultTtlSeconds }: LiveTable): readonly SchemaDifference[] {
  if (table.ttl !== "never" || defaultTtlSeconds === 0) return [];
  const live = `default_time_to_live = ${defaultTtlSeconds}`;
  return [{ table: table.name, column: undefined, declared: 'ttl: "never"', live }];
}
