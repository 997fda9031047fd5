import type { Table } from "../../spec/table.ts";
import { primaryKeyOf } from "../../spec/table.ts";
import { camelCase, Identifiers, singularOf } from "./identifiers.ts";
import type { PlannedKey, PlannedTable } from "./plan.ts";

/** What the key module calls its own. */
const OWN = ["tables", "keys"];

/**
 * A key for the rows of each table, and one for the lists that its partitions are.
 *
 * No two can give the same text. The first word of a key is a table's name with hyphens for underscores, which no other table has; of the
 * keys with one first word, that of a row has the whole primary key behind it, that of a table's own partitions fewer parameters, and those
 * that hang under a row (whose table has one key column, hence no list of its own) end in a word of their own.
 */
export function planKeys(tables: readonly PlannedTable[]): readonly PlannedKey[] {
  const identifiers = new Identifiers(OWN);
  return tables.flatMap((planned) => {
    const row = rowKey(planned, identifiers);
    return planned.table.clustering.length === 0 ? [row] : [row, listKey(planned, tables, identifiers)];
  });
}

function rowKey(planned: PlannedTable, identifiers: Identifiers): PlannedKey {
  const { table } = planned;
  const plural = camelCase(table.name);
  const singular = camelCase(singularOf(table.name));
  return {
    name: singular === plural ? identifiers.take(`${plural}Row`) : identifiers.take(singular, `${plural}Row`),
    template: [wordOf(table), ...primaryKeyOf(table).map(hole)].join("_"),
    kind: "row",
    table: planned,
    bind: undefined,
    guess: undefined,
  };
}

function listKey(planned: PlannedTable, tables: readonly PlannedTable[], identifiers: Identifiers): PlannedKey {
  const { table } = planned;
  const parent = parentOf(table, tables);
  const name = identifiers.take(camelCase(table.name), `${camelCase(table.name)}Rows`);
  const common = { name, kind: "rows", table: planned } as const;
  if (parent !== undefined) {
    const { column, id, of } = parent;
    return {
      ...common,
      template: `${wordOf(of)}_${hole(id)}_${wordOf(table)}`,
      bind: { [column]: id },
      guess: `${table.name}.${column} is the ${id} of ${of.name}, and the rows of a partition are read as one list`,
    };
  }
  return {
    ...common,
    template: [wordOf(table), ...table.partition.map(hole)].join("_"),
    bind: Object.fromEntries(table.partition.map((column) => [column, column])),
    guess: "the rows of a partition are read as one list",
  };
}

const wordOf = ({ name }: Table): string => name.replaceAll("_", "-");
const hole = (param: string): string => `{${param}}`;

interface Parent {
  readonly column: string;
  readonly of: Table;
  readonly id: string;
}

/** The table whose rows the partitions belong to: `user_id` is, by its name and type, the `id` of `users`. */
function parentOf(table: Table, tables: readonly PlannedTable[]): Parent | undefined {
  const [column, second] = table.partition;
  if (column === undefined || second !== undefined) return undefined;
  for (const { table: of } of tables) {
    const [id, other] = primaryKeyOf(of);
    if (id === undefined || other !== undefined || of === table) continue;
    const named = [of.name, singularOf(of.name)].some((word) => column === `${word}_${id}`);
    if (named && of.columns[id]?.cql === table.columns[column]?.cql) return { column, id, of };
  }
  return undefined;
}
