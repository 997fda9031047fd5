import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstWord, MAX_CQL_LENGTH, tokensOf } from "../../src/adapters/cassandra/cql/lexer.ts";
import { Unclear } from "../../src/adapters/cassandra/cql/unclear.ts";

const inWords = (cql: string): readonly string[] => tokensOf(cql).map(({ kind, text }) => `${kind} ${text}`);

describe("tokens", () => {
  test.each([
    ["Users_2", ["name users_2"]],
    ['"Users ""2"""', ['quoted Users "2"']],
    ["'it''s'", ["string it's"]],
    ["''", ["string "]],
    ["$$it's ? $ $$", ["string it's ? $ "]],
    ["$$$$", ["string "]],
    ["-12 0x0F 0X", ["integer -12", "hex 0x0f", "hex 0x"]],
    ["1.5 1. -1e5 1E+3", ["float 1.5", "float 1.", "float -1e5", "float 1E+3"]],
    ["9B1DEB4D-3b7d-4bad-9bdd-2b0d7b3dcb6d", ["uuid 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"]],
    ["1h30m 12mo 5µs -2d", ["duration 1h30m", "duration 12mo", "duration 5µs", "duration -2d"]],
    ["P0001-02-03T04:05:06", ["duration P0001-02-03T04:05:06"]],
    ["a<=b>=c!=d", ["name a", "symbol <=", "name b", "symbol >=", "name c", "symbol !=", "name d"]],
    ["c+=1", ["name c", "symbol +=", "integer 1"]],
    ['? :a :"B"', ["marker ", "marker a", "marker B"]],
    ["a -- ? it's \" /*\n?", ["name a", "marker "]],
    ["a // ?\r?", ["name a", "marker "]],
    ["a/* ? -- \n // */?", ["name a", "marker "]],
    ["a -- to the end", ["name a"]],
    ["1--2\n3", ["integer 1", "integer 3"]],
  ])("%s", (cql, tokens) => {
    expect(inWords(cql)).toEqual(tokens);
  });

  test.each([
    "'open",
    "'open''",
    '"open',
    '""',
    "$$open$",
    "/* open",
    "#",
    "1a",
    "1.5x",
    "0xfg",
    "\u00a0a",
    "é",
    "1..2",
    "'a'''b'",
  ])("%s is refused", (cql) => {
    expect(() => tokensOf(cql)).toThrow(Unclear);
  });
});

describe("markers", () => {
  const markers = (cql: string) =>
    tokensOf(cql).flatMap((token) => (token.kind === "marker" ? [`${token.index} ${token.text}`] : []));

  test("are numbered in order of appearance, a name that stands twice counting twice", () => {
    expect(markers("? , :a , ? , :a")).toEqual(["0 ", "1 a", "2 ", "3 a"]);
  });

  test.each([
    ["{'a': now(), 'b': ?}", ["0 "]],
    ["{street: city, zip: 3}", []],
    ["{:a : :b, ?::c}", ["0 a", "1 b", "2 ", "3 c"]],
    ["{(1): x}", []],
    ["{'a': f(:x)}", ["0 x"]],
    ["[:x, :y]", ["0 x", "1 y"]],
    ["USING TTL :ttl", ["0 ttl"]],
    [": x", ["0 x"]],
    ["'?' \"?\" $$?$$ :x", ["0 x"]],
  ])("%s", (cql, found) => {
    expect(markers(cql)).toEqual(found);
  });
});

test("a text of more than 64 KiB is refused, but its first word is told", () => {
  const long = `SELECT ${" ".repeat(MAX_CQL_LENGTH)}`;
  expect(() => tokensOf(long)).toThrow("longer than");
  expect(firstWord(`-- it's\n/* */ ${long}`)).toBe("select");
});

test("a text with half a surrogate pair is refused: it is sent as another one", () => {
  expect(() => tokensOf("'\ud800'")).toThrow("surrogate");
});

test("what lies between two tokens is blank or a comment, so that nothing is passed over", () => {
  const pieces = fc.constantFrom(
    "a",
    "B",
    "'x'",
    '"q"',
    "?",
    ":n",
    "{",
    "}",
    "(",
    ")",
    "$$ $$",
    "-1",
    "1.5",
    "0xff",
    "-",
    ",",
    "=",
    "/",
    " ",
    "\n",
    "--c\n",
    "//c\n",
    "/*c*/",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const cql = parts.join("");
      try {
        let end = 0;
        for (const token of tokensOf(cql)) {
          expect(cql.slice(end, token.at)).toMatch(/^(?:\s|--.*\n|\/\/.*\n|\/\*.*\*\/)*$/);
          end = token.end;
        }
      } catch (error) {
        if (!(error instanceof Unclear)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
