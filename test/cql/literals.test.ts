import { describe, expect, test } from "vitest";
import type { LiteralType } from "../../src/adapters/cassandra/cql/analysed.ts";
import { canonicalJson } from "../../src/adapters/cassandra/cql/json-row.ts";
import { canonicalLiteral } from "../../src/adapters/cassandra/cql/literals.ts";
import type { KeyType } from "../../src/spec/types/index.ts";
import { keyTypes } from "../spec/type-arbitraries.ts";

const typeNamed = (name: string): KeyType => keyTypes.find(({ cql }) => cql === name) ?? expect.fail(name);

describe("a literal of CQL, which the server has shown to read so", () => {
  test.each<[string, LiteralType, string, unknown]>([
    ["int", "integer", "-007", -7],
    ["int", "integer", "-0", 0],
    ["bigint", "integer", "9223372036854775807", "9223372036854775807"],
    ["varint", "integer", "00012", "12"],
    ["decimal", "float", "1.50", "1.50"],
    ["decimal", "float", "1.", "1"],
    ["decimal", "float", "-007.5e3", "-7.5E+3"],
    ["double", "float", "-0.0", -0],
    ["double", "integer", "5", 5],
    ["float", "float", "0.1", 0.1],
    ["float", "integer", "16777217", 16777216],
    ["text", "string", "é", "é"],
    ["blob", "hex", "0xABcd", "q80="],
    ["boolean", "boolean", "true", true],
    ["date", "string", "2026-11-21", "2026-11-21"],
    ["date", "integer", "2147483648", "1970-01-01"],
    ["time", "string", "01:02:03.1", "01:02:03.100000000"],
    ["time", "integer", "1", "00:00:00.000000001"],
    ["timestamp", "integer", "-1", "1969-12-31T23:59:59.999Z"],
    ["timestamp", "string", "5", "1970-01-01T00:00:00.005Z"],
    ["timestamp", "string", "2026-11-21T03:43:00+01:00", "2026-11-21T02:43:00.000Z"],
    ["inet", "string", "::ffff:1.2.3.4", "1.2.3.4"],
  ])("%s %s %s", (cql, literal, text, value) => {
    expect(canonicalLiteral(typeNamed(cql), literal, text)).toBe(value);
  });
});

describe("a literal that is not sure to be read as it looks is refused", () => {
  test.each<[string, string, LiteralType, string]>([
    ["beyond the type", "tinyint", "integer", "128"],
    ["a string for a number", "int", "string", "5"],
    ["a fraction for a whole number", "int", "float", "1.0"],
    ["no version 1", "timeuuid", "uuid", "00000000-0000-4000-8000-000000000000"],
    ["half a byte", "blob", "hex", "0xabc"],
    ["beyond ASCII", "ascii", "string", "é"],
    ["half-way between two floats, by a text that may lie beside it", "float", "float", "16777217.0000000001"],
    ["nearly zero", "float", "float", "1e-46"],
    ["a date of five digits", "date", "string", "+12026-01-01"],
    ["no day", "date", "string", "2026-02-30"],
    ["beyond the dates", "date", "integer", "4294967296"],
    ["beyond a day", "time", "integer", "86400000000000"],
    ["a time before the day", "time", "integer", "-1"],
    ["no zone", "timestamp", "string", "2026-11-21T03:43:00"],
    ["a day alone, in a zone that is the server's", "timestamp", "string", "2026-11-21"],
    ["tenths of a second, which some versions read as milliseconds", "timestamp", "string", "2026-11-21T03:43:00.5Z"],
    ["beyond the instants of a Date", "timestamp", "integer", "8640000000000001"],
    ["an address in short, which Java fills up", "inet", "string", "1.2.3"],
    ["a name of a host", "inet", "string", "localhost"],
  ])("%s", (_, cql, literal, text) => {
    expect(canonicalLiteral(typeNamed(cql), literal, text)).toBeUndefined();
  });
});

describe("a value in JSON", () => {
  test.each<[string, unknown, unknown]>([
    ["int", 5, 5],
    ["int", "005", 5],
    ["bigint", 5, "5"],
    ["boolean", true, true],
    ["boolean", "false", false],
    ["double", 0.5, 0.5],
    ["blob", "0xff", "/w=="],
    ["decimal", "1.10", "1.10"],
  ])("%s %s", (cql, json, value) => {
    expect(canonicalJson(typeNamed(cql), json)).toBe(value);
  });

  test.each<[string, string, unknown]>([
    ["a number that has lost digits", "bigint", 2 ** 53],
    ["a decimal that has lost its scale", "decimal", 100],
    ["a minus that the server drops", "double", -0],
    ["a number for a text", "text", 5],
    ["a number for a date", "date", 5],
    ["a boolean for a text", "text", true],
    ["null", "int", null],
    ["a list", "int", [5]],
  ])("is refused where it is %s", (_, cql, json) => {
    expect(canonicalJson(typeNamed(cql), json)).toBeUndefined();
  });
});
