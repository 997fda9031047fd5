import { describe, expect, test } from "vitest";
import type { ColumnType } from "../../src/spec/column-type.ts";
import { SpecError, show, ValueError } from "../../src/spec/error.ts";
import * as t from "../../src/spec/types/index.ts";

/** Type, what a caller passes, its canonical value, its key text. */
const written: readonly (readonly [t.KeyType, unknown, unknown, string])[] = [
  [t.int, 42, 42, "42"],
  [t.int, -0, 0, "0"],
  [t.tinyint, -128, -128, "-128"],
  [t.bigint, 9007199254740993n, "9007199254740993", "9007199254740993"],
  [t.bigint, -0, "0", "0"],
  [t.bigint, "-9223372036854775808", "-9223372036854775808", "-9223372036854775808"],
  [t.varint, 10n ** 30n, `1${"0".repeat(30)}`, `1${"0".repeat(30)}`],
  [t.double, -0, -0, "-0"],
  [t.double, Number.NaN, Number.NaN, "NaN"],
  [t.double, 1e21, 1e21, "1e+21"],
  [t.float, Math.fround(1.1), 1.1, "1.1"],
  [t.float, 1.23456789, 1.2345679, "1.2345679"],
  [t.decimal, "1.10", "1.10", "1.10"],
  [t.decimal, "-0.0", "0.0", "0.0"],
  [t.decimal, "500", "500", "500"],
  [t.decimal, "5e2", "5E+2", "5E+2"],
  [t.decimal, "0.00000001", "1E-8", "1E-8"],
  [t.text, "ann_lee/é", "ann_lee/é", "ann%5Flee%2F%C3%A9"],
  [t.text, "e\u0301", "e\u0301", "e%CC%81"],
  [t.text, "100%", "100%", "100%25"],
  [t.ascii, "a b", "a b", "a%20b"],
  [t.boolean, false, false, "false"],
  [t.blob, new Uint8Array([255, 0]), "/wA=", "0xff00"],
  [t.blob, "", "", "0x"],
  [
    t.uuid,
    "9B1DEB4D-3B7D-4BAD-9BDD-2B0D7B3DCB6D",
    "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
    "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
  ],
  [t.timestamp, new Date(0), "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"],
  [t.timestamp, "2026-11-21T04:43:00+01:00", "2026-11-21T03:43:00.000Z", "2026-11-21T03:43:00.000Z"],
  [t.timestamp, new Date(8.64e15), "+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.000Z"],
  [t.date, "2024-02-29", "2024-02-29", "2024-02-29"],
  [t.date, "-5877641-06-23", "-5877641-06-23", "-5877641-06-23"],
  [t.date, "+5881580-07-11", "+5881580-07-11", "+5881580-07-11"],
  [t.time, "03:43:00.5", "03:43:00.500000000", "03:43:00.500000000"],
  [t.inet, "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", "2001:db8::1:0:0:1"],
  [t.inet, "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  [t.inet, "::ffff:1.2.3.4", "::ffff:102:304", "::ffff:102:304"],
];

/** What a careless conversion would let through; the driver does for most of these. */
const refused: readonly (readonly [ColumnType, readonly unknown[]])[] = [
  [t.int, ["42", 3.7, 2 ** 31, Number.NaN, 42n, null, undefined, true]],
  [t.tinyint, [128, -129]],
  [t.smallint, [32_768]],
  [t.bigint, ["042", "+1", "-0", "1e3", "", 2 ** 53, 1.5, 2n ** 63n, "9223372036854775808", "-9223372036854775809"]],
  [t.varint, ["1.0", " 1", 2 ** 53]],
  [t.double, ["1", null]],
  [t.float, [1e39]],
  [t.decimal, [1.1, "", ".5", "5.", "01", "+1", "1e99999999999", "NaN"]],
  [t.text, ["\ud800", "a\udc00b", 42, null]],
  [t.ascii, ["é"]],
  [t.boolean, ["yes", 1, "true"]],
  [t.blob, ["AA", "AB==", "A A=", "0xf", [255]]],
  [t.uuid, ["9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "zb1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"]],
  [t.timeuuid, ["9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"]],
  [t.timestamp, ["5", 0, "2026-11-21", "2026-11-21T03:43:00", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z"]],
  [
    t.timestamp,
    [
      new Date(Number.NaN),
      "2026-11-21T03:43:00.0001Z",
      "-000000-01-01T00:00:00Z",
      "2026-00-01T00:00:00Z",
      "2026-01-00T00:00:00Z",
    ],
  ],
  [t.date, ["2026-02-30", "2023-02-29", "26-1-1", "+2026-01-01", "-0000-01-01", "+5881580-07-12", new Date(0)]],
  [t.time, ["24:00:00", "03:43", "3:43:00", "03:43:00.", "03:43:00.0000000001"]],
  [
    t.inet,
    [
      "01.2.3.4",
      "1.2.3",
      "256.1.1.1",
      "fe80::1%eth0",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7::8",
      ":::",
      "::1.2.3.4:1",
      "",
    ],
  ],
  [t.duration, ["", "-", "1d1mo", "1d1d", "1", "-1mo-1d", "2147483648d", "P1D", 5]],
  [t.list(t.int), [[1, null], [undefined], "ab", { 0: 1 }, new Array(1)]],
  [t.set(t.int), [[null], {}]],
  [t.map(t.int, t.int), [{ "01": 1 }, { 1: null }, [[1, 1]], new Date(), new Map([["1", 1]])]],
  [t.map(t.double, t.int), [{ "-0": 1 }]],
  [t.map(t.decimal, t.int), [{ "1.1": 1, "1.10": 2 }]],
  [
    t.map(t.bigint, t.int),
    [
      new Map<unknown, number>([
        [1n, 1],
        ["1", 2],
      ]),
    ],
  ],
  [t.tuple(t.int, t.int), [[1], [1, 2, 3], ["1", 2]]],
  [t.vector(t.float, 2), [[1], [1, null], new Float32Array(3)]],
  [t.udt("address", { zip: t.int }), [{ zap: 1 }, [], new Map(), { zip: "8000" }]],
];

describe("a scalar", () => {
  test.each(written)("%# is written in one way: %o", (type, input, canonical, keyText) => {
    expect(type.accept(input)).toStrictEqual(canonical);
    expect(type.keyText.write(input)).toBe(keyText);
    expect(type.keyText.parse(keyText)).toStrictEqual(canonical);
  });

  test("or structure refuses what is not of its kind or does not fit, and never converts it", () => {
    for (const [type, inputs] of refused) {
      for (const input of inputs) {
        expect(() => type.accept(input), `${type.cql} ${show(input)}`).toThrow(ValueError);
        if (type.keyText) expect(() => type.keyText?.write(input), `${type.cql} ${show(input)}`).toThrow(ValueError);
      }
    }
  });

  test("of NFC and one of NFD are two texts", () => {
    expect(t.text.keyText.write("é")).not.toBe(t.text.keyText.write("e\u0301"));
  });

  test("duration is printed as Cassandra prints it", () => {
    expect(t.duration.accept("14mo2w90s")).toBe("1y2mo14d1m30s");
    expect(t.duration.accept("23mo")).toBe("1y11mo");
    expect(t.duration.accept("-1mo2d3h4ns")).toBe("-1mo2d3h4ns");
    expect(t.duration.accept("0d")).toBe("0s");
  });
});

describe("a structure", () => {
  test("of sets holds each element once, in Cassandra's order", () => {
    expect(t.set(t.int).accept([3, 1, 3])).toEqual([1, 3]);
    expect(t.set(t.text).accept(new Set(["\u{1F600}", "\uFF5E", "a"]))).toEqual(["a", "\uFF5E", "\u{1F600}"]);
    expect(t.set(t.decimal).accept(["1.10", "1.1", "0"])).toEqual(["0", "1.10"]);
  });

  test("of maps is an object by the text of its keys, in which nothing is found that is not a key", () => {
    const flags = t.map(t.text, t.boolean).accept(JSON.parse('{"__proto__":true,"a":false}'));
    expect(Object.keys(flags)).toEqual(["__proto__", "a"]);
    expect(flags.constructor).toBeUndefined();
    expect(t.map(t.blob, t.int).accept(new Map([[new Uint8Array([1]), 7]]))).toEqual({ "0x01": 7 });
    expect(t.map(t.text, t.boolean).json.safeParse(JSON.parse('{"__proto__":true}')).success).toBe(false);
  });

  test("of tuples and user-defined types has null for what is missing", () => {
    expect(t.tuple(t.int, t.text).accept([42, null])).toEqual([42, null]);
    expect(t.udt("address", { street: t.text, zip: t.int }).accept({ zip: 8000 })).toEqual({ street: null, zip: 8000 });
  });

  test("of collections holds IPv4-mapped addresses as IPv4, as Cassandra stores them there", () => {
    expect(t.list(t.inet).accept(["::ffff:1.2.3.4"])).toEqual(["1.2.3.4"]);
    expect(t.map(t.inet, t.inet).accept({ "::1": "::ffff:1.2.3.4" })).toEqual({ "::1": "1.2.3.4" });
    expect(t.tuple(t.inet).accept(["::ffff:1.2.3.4"])).toEqual(["::ffff:102:304"]);
  });

  test("that Cassandra would not create is refused when it is declared", () => {
    const declarations: readonly (() => unknown)[] = [
      () => t.list(t.list(t.int)),
      () => t.set(t.udt("address", { zip: t.int })),
      () => t.tuple(t.map(t.int, t.int)),
      () => t.list(t.counter),
      () => t.set(t.duration),
      () => t.set(t.frozen(t.list(t.duration))),
      () => t.frozen(t.int),
      () => t.vector(t.float, 0),
      () => t.vector(t.float, 8193),
      () => t.udt("Address", { zip: t.int }),
      () => t.udt("address", {}),
      () => t.udt("address", { visits: t.counter }),
    ];
    for (const declare of declarations) expect(declare, String(declare)).toThrow(SpecError);
  });

  test("has the name that Cassandra gives its type", () => {
    expect(t.frozen(t.list(t.frozen(t.set(t.int)))).cql).toBe("frozen<list<frozen<set<int>>>>");
    expect(t.map(t.text, t.tuple(t.int, t.text)).cql).toBe("map<text, frozen<tuple<int, text>>>");
    expect(t.frozen(t.vector(t.float, 3)).cql).toBe("vector<float, 3>");
  });
});

describe("toJsonText", () => {
  test("writes what JSON.stringify writes, where that loses nothing", () => {
    const value = { a: [1, "x", null, undefined], b: undefined, c: { d: new Date(0) }, e: true };
    expect(t.toJsonText(value)).toBe(JSON.stringify(value));
    expect(t.toJsonText({ ...value, n: Infinity })).toBe(JSON.stringify({ ...value, n: "Infinity" }));
    expect(t.toJsonText(undefined)).toBe("null");
  });

  test("loses neither NaN, nor the infinities, nor the sign of zero", () => {
    expect(t.toJsonText({ a: [Number.NaN, -Infinity, -0], b: -0 })).toBe('{"a":["NaN","-Infinity",-0],"b":-0}');
    expect(t.list(t.double).json.parse(JSON.parse(t.toJsonText([Number.NaN, -0])))).toEqual([Number.NaN, -0]);
  });
});

describe("sharedText", () => {
  test("finds a text of both types, and none where their texts never meet", () => {
    expect(t.sharedText(t.int, t.double)).toBe("0");
    expect(t.sharedText(t.uuid, t.timeuuid)).toBe("00000000-0000-1000-8000-000000000000");
    expect(t.sharedText(t.text, t.blob)).toBe("0x");
    expect(t.sharedText(t.int, t.uuid)).toBeUndefined();
    expect(t.sharedText(t.date, t.timestamp)).toBeUndefined();
    expect(t.sharedText(t.int, t.counter)).toBeUndefined();
  });
});
