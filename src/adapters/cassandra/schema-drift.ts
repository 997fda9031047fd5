import type { SchemaDifference } from "../../ports/store.ts";
import { columnOf, describeColumn, primaryKeyOf, type Table } from "../../spec/table.ts";
import { addColumn, addFields, createTable, forbidTtl } from "./alter-schema.ts";
import type { LiveSchema } from "./live-schema.ts";
import { describeLive, fieldsOf, schemaDifferences, udtsIn } from "./schema-differences.ts";

/** A difference, and what would undo it on either side. */
export interface SchemaDrift extends SchemaDifference {
  readonly declaration: string;
  /** CQL; undefined where Cassandra has no statement for it: it changes no key, no order and no type of a column. */
  readonly database: string | undefined;
}

/** Where the live keyspace differs from the declared tables, with the remedies. */
export function schemaDrift(keyspace: string, declared: readonly Table[], live: LiveSchema): readonly SchemaDrift[] {
  return declared.flatMap((table) =>
    schemaDifferences([table], live).map((difference) => ({
      ...difference,
      ...remedies({ keyspace, table, live }, difference),
    })),
  );
}

interface Sides {
  readonly keyspace: string;
  readonly table: Table;
  readonly live: LiveSchema;
}

type Remedies = Pick<SchemaDrift, "declaration" | "database">;

function remedies(sides: Sides, { column, live: found }: SchemaDifference): Remedies {
  const { keyspace, live, table } = sides;
  const liveTable = live.tables.get(table.name);
  if (liveTable === undefined) {
    return {
      declaration: `remove table ${table.name} and the keys that read it`,
      database: createTable(keyspace, table, live),
    };
  }
  if (column === undefined) return { declaration: 'say ttl: "may"', database: forbidTtl(keyspace, table) };
  const words = describeLive(liveTable.columns.get(column));
  if (describeColumn(table, column) === words) return typeRemedies(sides, column, found);
  if (!liveTable.columns.has(column)) {
    const database = primaryKeyOf(table).includes(column) ? undefined : addColumn(keyspace, table, column, live);
    return { declaration: `remove column ${column}`, database };
  }
  const verb = columnOf(table, column) === undefined ? "add" : "change";
  return { declaration: `${verb} column ${column}: ${words}`, database: undefined };
}

/** The type is the one whose difference this is: its live fields are those found. */
function typeRemedies({ keyspace, live, table }: Sides, column: string, found: string): Remedies {
  const declaration = `change the type: ${found}`;
  const held = columnOf(table, column);
  const type = (held === undefined ? [] : udtsIn(held)).find(({ name }) => found.startsWith(`${name}(`));
  const have = type && fieldsOf(live, type.name);
  return { declaration, database: type && have && addFields(keyspace, type, have) };
}
