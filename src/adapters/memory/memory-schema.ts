import type { SchemaDifference } from "../../ports/store.ts";
import { columnOf, primaryKeyOf, type Table } from "../../spec/table.ts";

/** Where the tables that a memory store was given differ from these. */
export function differencesIn(
  held: ReadonlyMap<string, Table>,
  declared: readonly Table[],
): readonly SchemaDifference[] {
  return declared.flatMap((table): SchemaDifference[] => {
    const live = held.get(table.name);
    if (live === table) return [];
    if (live === undefined) return [{ table: table.name, column: undefined, declared: "a table", live: "no table" }];
    const columns = new Set([...Object.keys(table.columns), ...primaryKeyOf(live)]);
    return [...columns].flatMap((column) => {
      const [wanted, found] = [describe(table, column), describe(live, column)];
      return wanted === found ? [] : [{ table: table.name, column, declared: wanted, live: found }];
    });
  });
}

/** Everything about a column that matters to a read or a write, e.g. `int, clustering 1 desc`. */
function describe(table: Table, column: string): string {
  const type = columnOf(table, column);
  if (type === undefined) return "no column";
  const inPartition = table.partition.indexOf(column);
  if (inPartition >= 0) return `${type.cql}, partition ${inPartition + 1}`;
  const inClustering = table.clustering.findIndex((c) => c.column === column);
  if (inClustering >= 0) return `${type.cql}, clustering ${inClustering + 1} ${table.clustering[inClustering]?.order}`;
  return table.static.includes(column) ? `${type.cql}, static` : type.cql;
}
