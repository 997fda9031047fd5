import { describe, expect, test } from "vitest";
import type { LiteralType } from "../../src/adapters/cassandra/cql/analysed.ts";
import { canonicalJson } from "../../src/adapters/cassandra/cql/json-row.ts";
import { canonicalLiteral } from "../../src/adapters/cassandra/cql/literals.ts";
import * as t from "../../src/spec/types/index.ts";

describe("a literal of CQL, which the server has shown to read so", () => {
  test.each<[t.KeyType, LiteralType, string, unknown]>([
    [t.int, "integer", "-007", -7],
    [t.int, "integer", "-0", 0],
    [t.bigint, "integer", "9223372036854775807", "9223372036854775807"],
    [t.varint, "integer", "00012", "12"],
    [t.decimal, "float", "1.50", "1.50"],
    [t.decimal, "float", "1.", "1"],
    [t.decimal, "float", "-007.5e3", "-7.5E+3"],
    [t.double, "float", "-0.0", -0],
    [t.double, "integer", "5", 5],
    [t.float, "float", "0.1", 0.1],
    [t.float, "integer", "16777217", 16777216],
    [t.text, "string", "é", "é"],
    [t.blob, "hex", "0xABcd", "q80="],
    [t.boolean, "boolean", "true", true],
    [t.date, "string", "2026-11-21", "2026-11-21"],
    [t.date, "integer", "2147483648", "1970-01-01"],
    [t.time, "string", "01:02:03.1", "01:02:03.100000000"],
    [t.time, "integer", "1", "00:00:00.000000001"],
    [t.timestamp, "integer", "-1", "1969-12-31T23:59:59.999Z"],
    [t.timestamp, "string", "5", "1970-01-01T00:00:00.005Z"],
    [t.timestamp, "string", "2026-11-21T03:43:00+01:00", "2026-11-21T02:43:00.000Z"],
    [t.inet, "string", "::ffff:1.2.3.4", "1.2.3.4"],
  ])("$0.cql $2", (type, literal, text, value) => {
    expect(canonicalLiteral(type, literal, text)).toBe(value);
  });
});

describe("a literal that is not sure to be read as it looks is refused", () => {
  test.each<[string, t.KeyType, LiteralType, string]>([
    ["beyond the type", t.tinyint, "integer", "128"],
    ["a string for a number", t.int, "string", "5"],
    ["a fraction for a whole number", t.int, "float", "1.0"],
    ["no version 1", t.timeuuid, "uuid", "00000000-0000-4000-8000-000000000000"],
    ["half a byte", t.blob, "hex", "0xabc"],
    ["beyond ASCII", t.ascii, "string", "é"],
    ["half-way between two floats, by a text that may lie beside it", t.float, "float", "16777217.0000000001"],
    ["nearly zero", t.float, "float", "1e-46"],
    ["a date of five digits", t.date, "string", "+12026-01-01"],
    ["no day", t.date, "string", "2026-02-30"],
    ["beyond the dates", t.date, "integer", "4294967296"],
    ["beyond a day", t.time, "integer", "86400000000000"],
    ["a time before the day", t.time, "integer", "-1"],
    ["no zone", t.timestamp, "string", "2026-11-21T03:43:00"],
    ["a day alone, in a zone that is the server's", t.timestamp, "string", "2026-11-21"],
    ["tenths of a second, which some versions read as milliseconds", t.timestamp, "string", "2026-11-21T03:43:00.5Z"],
    ["beyond the instants of a Date", t.timestamp, "integer", "8640000000000001"],
    ["an address in short, which Java fills up", t.inet, "string", "1.2.3"],
    ["a name of a host", t.inet, "string", "localhost"],
  ])("%s", (_, type, literal, text) => {
    expect(canonicalLiteral(type, literal, text)).toBeUndefined();
  });
});

describe("a value in JSON", () => {
  test.each<[t.KeyType, unknown, unknown]>([
    [t.int, 5, 5],
    [t.int, "005", 5],
    [t.bigint, 5, "5"],
    [t.boolean, true, true],
    [t.boolean, "false", false],
    [t.double, 0.5, 0.5],
    [t.blob, "0xff", "/w=="],
    [t.decimal, "1.10", "1.10"],
  ])("$0.cql $1", (type, json, value) => {
    expect(canonicalJson(type, json)).toBe(value);
  });

  test.each<[string, t.KeyType, unknown]>([
    ["a number that has lost digits", t.bigint, 2 ** 53],
    ["a decimal that has lost its scale", t.decimal, 100],
    ["a minus that the server drops", t.double, -0],
    ["a number for a text", t.text, 5],
    ["a number for a date", t.date, 5],
    ["a boolean for a text", t.text, true],
    ["null", t.int, null],
    ["a list", t.int, [5]],
  ])("is refused where it is %s", (_, type, json) => {
    expect(canonicalJson(type, json)).toBeUndefined();
  });
});
