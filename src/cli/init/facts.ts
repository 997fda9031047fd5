import { primaryKeyOf } from "../../spec/table.ts";
import type { Plan } from "./plan.ts";

/** What the modules say, as data for `--json`. */
export function factsOf({ keys, keyspace, leftOut, tables, types }: Plan): object {
  return {
    keyspace,
    types: types.map(({ constant, fields, name }) => ({ name, constant, fields })),
    tables: tables.map(({ columns, constant, notes, table }) => ({
      name: table.name,
      constant,
      columns,
      partition: table.partition,
      clustering: table.clustering,
      static: table.static,
      counter: table.counter,
      ttl: table.ttl,
      notes,
    })),
    keys: keys.map(({ bind, guess, kind, name, table, template }) => ({
      ...{ name, template, kind, table: table.table.name },
      bind: bind ?? Object.fromEntries(primaryKeyOf(table.table).map((column) => [column, column])),
      guess: guess ?? null,
    })),
    leftOut,
  };
}
