import type { SchemaDifference } from "../../ports/store.ts";
import { describeColumn, primaryKeyOf, type Table } from "../../spec/table.ts";

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
      const [wanted, found] = [describeColumn(table, column), describeColumn(live, column)];
      return wanted === found ? [] : [{ table: table.name, column, declared: wanted, live: found }];
    });
  });
}
