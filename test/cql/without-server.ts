import { createRequire } from "node:module";
import { types } from "cassandra-driver";
import { analyse } from "../../src/adapters/cassandra/cql/analyse.ts";
import type { Refusal } from "../../src/adapters/cassandra/cql/analysed.ts";
import { type Derived, deriveMutations } from "../../src/adapters/cassandra/cql/derive-mutations.ts";
import type { PreparedStatement, Stored } from "../../src/adapters/cassandra/cql/prepared-statement.ts";
import { columnOf, type Table } from "../../src/spec/table.ts";

export const KEYSPACE = "ks";

/** As the server's metadata give a type. Of a marker that is for no column it is one that does not matter. */
function typeNamed(cql = "int"): unknown {
  const of = /^list<(.*)>$/.exec(cql)?.[1];
  if (of !== undefined) return { code: types.dataTypes.list, info: typeNamed(of) };
  return { code: Reflect.get(types.dataTypes, cql === "text" ? "varchar" : cql) };
}

/** What a server would tell of a statement over one table, whose markers have these names: `id`, `in(id)`, `[ttl]`. */
export function preparedAs(table: Table, ...names: readonly string[]): PreparedStatement {
  const columns = names.map((name) => {
    const column = /^in\((.*)\)$/.exec(name)?.[1];
    const type = name === "[json]" ? "text" : columnOf(table, column ?? name)?.cql;
    return {
      keyspace: KEYSPACE,
      table: table.name,
      name,
      type: typeNamed(column === undefined ? type : `list<${type}>`),
    };
  });
  const last = table.partition.map((column) => names.lastIndexOf(column));
  return { keyspace: KEYSPACE, table: table.name, columns, partitionKeys: last.includes(-1) ? [] : last };
}

const Encoder = createRequire(import.meta.url)("cassandra-driver/lib/encoder");
const encoder = new Encoder(4, { encoding: {} });

/** Through the driver's own encoder, with no connection. */
export const stored: Stored = (value, type) => {
  const bytes = encoder.encode(value, type);
  return Buffer.isBuffer(bytes) ? (encoder.decode(bytes, type) ?? undefined) : undefined;
};

/** What a statement writes, as the server would see it by `prepared`. */
export function derive(
  cql: string,
  prepared: PreparedStatement,
  params: unknown,
  tables: readonly Table[],
): Derived | Refusal {
  const analysed = analyse(cql);
  if (analysed.kind === "refused") return analysed;
  if (analysed.kind !== "write") throw new Error(`${cql} is no write`);
  return deriveMutations(
    analysed,
    { prepared, params, stored, sessionKeyspace: KEYSPACE },
    { keyspace: KEYSPACE, tables },
  );
}
