import type { LiveSchema } from "../../adapters/cassandra/live-schema.ts";
import type { SchemaDrift } from "../../adapters/cassandra/schema-drift.ts";
import { columnOf, isName, type Table } from "../../spec/table.ts";
import { planTypes } from "../init/plan-types.ts";
import { LeftOutError, typedCode } from "../init/typed-code.ts";

/** Columns of the live tables that could be declared and are not: rows are served without them. Those of the key are a difference anyway. */
export function undeclaredColumns(declared: readonly Table[], live: LiveSchema): readonly SchemaDrift[] {
  const types = planTypes(live).declared;
  const codeOf = (name: string, cql: string): string | undefined => {
    try {
      return isName(name) ? typedCode(cql, types).code : undefined;
    } catch (error) {
      if (error instanceof LeftOutError) return undefined;
      throw error;
    }
  };
  return declared.flatMap((table) => {
    const columns = [...(live.tables.get(table.name)?.columns ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return columns.flatMap(([column, { kind, position, type }]) => {
      const code = columnOf(table, column) === undefined && position < 0 ? codeOf(column, type) : undefined;
      if (code === undefined) return [];
      const words = kind === "static" ? `${type}, static` : type;
      const declaration = `add column ${column}: ${code}${kind === "static" ? ", and name it in static" : ""}`;
      return [{ table: table.name, column, declared: "no column", live: words, declaration, database: undefined }];
    });
  });
}
