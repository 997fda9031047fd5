import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mutation } from "../../src/spec/mutation.ts";
import { anyStatement, type Meant } from "./statement-arbitraries.ts";
import { anyTable } from "./table-arbitraries.ts";
import { derive, preparedAs } from "./without-server.ts";

test("any statement is derived to what it was made to do, whatever its spelling", () => {
  const tables = fc.tuple(anyTable("t0"), anyTable("t1"));
  const made = tables.chain((both) => anyStatement(both).map((statement) => ({ both, statement })));
  fc.assert(
    fc.property(made, ({ both, statement }) => {
      const { cql, isBatch, markers, meant, params } = statement;
      const [only] = meant;
      // Of a batch over several tables each marker has its own.
      if (only === undefined || (isBatch && new Set(meant.map(({ table }) => table)).size > 1)) return;
      const asked = preparedAs(only.table, ...markers.map(({ place }) => place));
      const columns = asked.columns.map((column, i) => ({ ...column, name: markers[i]?.name ?? "" }));
      const prepared = { ...asked, columns };
      const derived = derive(
        cql,
        prepared,
        params,
        both.map((each) => each.table),
      );
      expect(derived).toMatchObject({ kind: "mutations" });
      if (derived.kind === "mutations")
        expect(derived.mutations.map(keyInWords).sort()).toEqual(meant.flatMap(meantInWords).sort());
    }),
    { numRuns: 1500 },
  );
});

/** The table and what is known of the key, without the clustering columns of a range. */
function keyInWords(mutation: Mutation): string {
  if (mutation.op === "truncate") return mutation.table.name;
  const columns = mutation.op === "deleteRange" ? mutation.table.partition : Object.keys(mutation.key);
  return [mutation.table.name, ...[...columns].sort().map((column) => `${column}=${mutation.key[column]}`)].join(" ");
}

function meantInWords({ by, keys, table }: Meant): readonly string[] {
  if (by === "table") return [table.name];
  return keys.map((key) =>
    [
      table.name,
      ...Object.keys(key)
        .sort()
        .map((column) => `${column}=${key[column]}`),
    ].join(" "),
  );
}
