import { describe, expect, it } from "vitest";
import { decimal, int, list, SpecError, table, text } from "../../src/index.ts";

describe("a table that could not be kept coherent is refused when it is declared", () => {
  it("a decimal in clustering: Cassandra takes 1.1 and 1.10 for one row, keys for two", () => {
    const clustered = () => table("prices", { id: int, at: decimal }, { partition: ["id"], clustering: { at: "asc" } });
    expect(clustered).toThrow(SpecError);
    expect(clustered).toThrow(/prices: clustering column at is a decimal\. Cluster by a varint/);
    expect(table("prices", { at: decimal, n: int }, { partition: ["at"] }).partition).toEqual(["at"]);
  });

  it("a collection in the key, and names that need quotes", () => {
    expect(() => table("t", { id: list(text) }, { partition: ["id"] })).toThrow(/Only scalar types/);
    expect(() => table("Users", { id: int }, { partition: ["id"] })).toThrow(/the name "Users"/);
  });
});
