import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCursor, writeCursor } from "../../src/http/cursor.ts";
import { parseQuery } from "../../src/http/request-target.ts";
import { int, type KeyType, table } from "../../src/index.ts";
import { canonicalOf, keyType } from "../spec/type-arbitraries.ts";

/** A table clustered by columns of these types, and a row of it. Decimals cannot cluster. */
const clustered = fc
  .array(
    keyType.filter((type) => type.cql !== "decimal"),
    { minLength: 1, maxLength: 4 },
  )
  .chain((types) =>
    fc.tuple(...types.map((type) => canonicalOf(type))).map((values) => {
      const names = types.map((_, i) => `c${i}`);
      const columns: Record<string, KeyType> = { p: int };
      for (const [i, name] of names.entries()) columns[name] = types[i] ?? int;
      const clustering = Object.fromEntries(names.map((name) => [name, "asc"] as const));
      const of = table("t", columns, { partition: ["p"], clustering });
      const row = Object.fromEntries(names.map((name, i) => [name, types[i]?.accept(values[i])]));
      return { of, names, row };
    }),
  );

describe("a cursor", () => {
  test("names the row that it was made of, whatever its values, also through a query", () => {
    fc.assert(
      fc.property(clustered, ({ of, names, row }) => {
        const cursor = writeCursor(of, names, row);
        expect(parseCursor(of, names, cursor)).toStrictEqual(row);
        const sent = parseQuery(`after=${encodeURIComponent(cursor)}`).get("after");
        expect(parseCursor(of, names, sent?.[0] ?? "")).toStrictEqual(row);
      }),
      { numRuns: 500 },
    );
  });

  test("is one text for one row: no other text gives the same values", () => {
    fc.assert(
      fc.property(clustered, fc.string(), ({ of, names }, text) => {
        const after = parseCursor(of, names, text);
        if (after !== undefined) expect(writeCursor(of, names, after)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("of a list that leaves nothing open is none", () => {
    const whole = table("t", { p: int }, { partition: ["p"] });
    expect([parseCursor(whole, [], ""), parseCursor(whole, [], "1")]).toEqual([undefined, undefined]);
  });
});
