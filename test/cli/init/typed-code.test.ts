import { describe, expect, test } from "vitest";
import { parseCqlType } from "../../../src/cli/init/cql-type.ts";
import { planTypes } from "../../../src/cli/init/plan-types.ts";
import { LeftOutError, typedCode } from "../../../src/cli/init/typed-code.ts";

const field = (name: string, type: string) => ({ name, type });
const types = planTypes({
  tables: new Map(),
  types: new Map([
    ["a_line", [field("start", "frozen<point>"), field("more", "frozen<list<frozen<point>>>")]],
    ["point", [field("x", "double"), field("label", "text")]],
    ["Odd", [field("x", "int")]],
    ["holder", [field("odd", 'frozen<"Odd">')]],
  ]),
});
const code = (cql: string): string => typedCode(cql, types.declared).code;

describe("the code of a column's type", () => {
  test.each([
    ["int", "int"],
    ["set<uuid>", "set(uuid)"],
    ["map<text, frozen<list<date>>>", "map(text, frozen(list(date)))"],
    ["frozen<tuple<int, frozen<tuple<text, inet>>>>", "tuple(int, tuple(text, inet))"],
    ["vector<float, 3>", "vector(float, 3)"],
    ["vector<vector<int, 2>, 2>", "vector(vector(int, 2), 2)"],
    ["a_line", "aLineType"],
    ["list<frozen<point>>", "list(frozen(pointType))"],
  ])("%s is %s", (cql, expected) => {
    expect(code(cql)).toBe(expected);
  });

  test.each([
    ["'org.example.Custom'", "nearkey has no type 'org.example.Custom'"],
    ["list<int", "nearkey has no type list<int"],
    ["list<int>>", "nearkey has no type list<int>>"],
    ["list<>", "nearkey has no type list<>"],
    ["absent", "its type absent is not declared"],
    ['frozen<"Odd">', "its type Odd is not declared"],
    ["constructor", "its type constructor is not declared"],
    ["bag<int>", "nearkey has no type bag<...>"],
    ["map<frozen<list<int>>, int>", "a map by frozen<list<int>> has no form in JSON"],
    ["list<list<int>>", "a list holds list<int>, which is not frozen"],
    ["set<duration>", "a set is ordered by duration"],
    ["list<counter>", "a counter stands inside a list"],
    ["vector<int, 0>", "a vector has 0 dimensions"],
    ["tuple<int>", "nearkey would declare its type tuple<int> as frozen<tuple<int>>"],
  ])("there is none for %s, and it is said why", (cql, why) => {
    expect(() => code(cql)).toThrow(LeftOutError);
    expect(() => code(cql)).toThrow(why);
  });
});

test("a user-defined type is declared after those it holds, and left out with those it cannot hold", () => {
  expect(types.planned.map(({ constant, fields }) => [constant, ...fields.map((each) => each.code)])).toEqual([
    ["pointType", "double", "text"],
    ["aLineType", "frozen(pointType)", "frozen(list(frozen(pointType)))"],
  ]);
  expect(types.leftOut.map(({ name, why }) => `${name}: ${why}`)).toEqual([
    expect.stringMatching(/^Odd: the name "Odd"/),
    "holder: its type Odd is not declared",
  ]);
});

test("a quoted name in a type is read as it is, also with what would end a type", () => {
  expect(parseCqlType('map<text, frozen<"a""b<,>">>')).toEqual({
    name: "map",
    of: [
      { name: "text", of: [] },
      { name: "frozen", of: [{ name: 'a"b<,>', of: [] }] },
    ],
  });
});
