import type { LiveColumn, LiveSchema, LiveTable } from "../../adapters/cassandra/live-schema.ts";
import { isName, type Order, type Table, table } from "../../spec/table.ts";
import { camelCase, Identifiers } from "./identifiers.ts";
import { notesOf } from "./notes.ts";
import { byName, type LeftOut, type PlannedTable } from "./plan.ts";
import { type DeclaredTypes, LeftOutError, refused, type TypedCode, typedCode } from "./typed-code.ts";

export interface PlannedTables {
  readonly planned: readonly PlannedTable[];
  readonly leftOut: readonly LeftOut[];
}

/** The tables of a keyspace, by name. A column that cannot be declared is left out, and with it the table if it is in its key. */
export function planTables(live: LiveSchema, types: DeclaredTypes): PlannedTables {
  const planned: PlannedTable[] = [];
  const leftOut: LeftOut[] = [];
  const identifiers = new Identifiers([...types.values()].map(({ code }) => code));
  for (const found of byName([...live.tables].map(([name, of]) => ({ name, ...of })))) {
    try {
      const { columns, without } = codeColumns(found, types);
      const declared = declare(found, columns);
      leftOut.push(...without);
      planned.push({
        table: declared,
        constant: identifiers.take(camelCase(found.name), `${camelCase(found.name)}Table`),
        columns: columns.map(({ name, code }) => ({ name, code })),
        notes: notesOf(declared, found.defaultTtlSeconds),
      });
    } catch (error) {
      if (!(error instanceof LeftOutError)) throw error;
      leftOut.push({ what: "table", name: found.name, why: error.message });
    }
  }
  return { planned, leftOut };
}

interface NamedTable extends LiveTable {
  readonly name: string;
}

interface Column extends TypedCode {
  readonly name: string;
  readonly live: LiveColumn;
}

function codeColumns(
  { columns: live, name: tableName }: NamedTable,
  types: DeclaredTypes,
): { readonly columns: readonly Column[]; readonly without: readonly LeftOut[] } {
  const columns: Column[] = [];
  const without: LeftOut[] = [];
  for (const [name, column] of inOrder(live)) {
    try {
      if (!isName(name)) throw new LeftOutError(`nearkey cannot declare the name ${JSON.stringify(name)}`);
      columns.push({ name, live: column, ...typedCode(column.type, types) });
    } catch (error) {
      if (!(error instanceof LeftOutError)) throw error;
      if (column.position >= 0) throw new LeftOutError(`its key column ${name}: ${error.message}`);
      without.push({ what: "column", name: `${tableName}.${name}`, why: error.message });
    }
  }
  return { columns, without };
}

const KINDS = ["partition_key", "clustering", "static", "regular"];

/** Keys in their order, then static columns, then the others by name. */
function inOrder(live: LiveTable["columns"]): readonly (readonly [string, LiveColumn])[] {
  return [...live].sort(
    ([a, x], [b, y]) => KINDS.indexOf(x.kind) - KINDS.indexOf(y.kind) || x.position - y.position || (a < b ? -1 : 1),
  );
}

function declare({ name }: NamedTable, columns: readonly Column[]): Table {
  const of = (kind: LiveColumn["kind"]) => columns.filter(({ live }) => live.kind === kind);
  const [first, ...others] = of("partition_key").map((column) => column.name);
  if (first === undefined) throw new LeftOutError("no partition column was found");
  const clustering = of("clustering").map((column) => [column.name, orderOf(column.live)] as const);
  const types = Object.fromEntries(columns.map((column) => [column.name, column.type]));
  const options = {
    partition: [first, ...others],
    clustering: Object.fromEntries(clustering),
    static: of("static").map((column) => column.name),
    // A counter cannot expire. Of other tables a schema does not tell whether some write uses a TTL.
    ttl: columns.some(({ type }) => type.cql === "counter") ? "never" : "may",
  };
  // Declared as JavaScript would: the compiler does not know the names.
  return refused((): Table => Reflect.apply(table, undefined, [name, types, options]));
}

const orderOf = ({ order }: LiveColumn): Order => (order === "desc" ? "desc" : "asc");
