import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SpecError } from "../../src/index.ts";
import { parseTemplate } from "../../src/spec/template.ts";

const literal = (text: string) => ({ kind: "literal", text }) as const;
const param = (name: string) => ({ kind: "param", name }) as const;

describe("a template", () => {
  test.each([
    ["users", [literal("users")]],
    ["users_{id}", [literal("users"), param("id")]],
    ["users_{id}_friends", [literal("users"), param("id"), literal("friends")]],
    ["users_{user_id}_x_{friend_id}", [literal("users"), param("user_id"), literal("x"), param("friend_id")]],
    ["v2.users-by@mail~x_{id}", [literal("v2.users-by@mail~x"), param("id")]],
  ])("%s is taken apart at the underscores outside braces", (source, segments) => {
    expect(parseTemplate(source).segments).toEqual(segments);
  });

  test.each([
    ["", "segment"],
    ["_", "segment"],
    ["users_", "segment"],
    ["users__{id}", "segment"],
    ["{id}", "begins with a parameter"],
    ["users_{id}_{id}", "names {id} twice"],
    ["users_x{id}", "segment"],
    ["users_{id}x", "segment"],
    ["users_{}", "segment"],
    ["users_{id", "segment"],
    ["users_id}", "segment"],
    ["users_{1d}", "segment"],
    ["users_{_id}", "segment"],
    ["users/{id}", "segment"],
    ["users_{id}_a b", "segment"],
    ["users_{id}_é", "segment"],
    ["users_{id}_50%", "segment"],
  ])("%j is refused, saying what is wrong and what to write", (source, words) => {
    const parse = (): unknown => parseTemplate(source);
    expect(parse).toThrow(SpecError);
    expect(parse).toThrow(words);
  });

  test.each(["users_a:b", "users_a+b", "users_.", "users_.."])(
    "%s is refused: as a path it would mean something else",
    (source) => {
      expect(() => parseTemplate(source)).toThrow(SpecError);
    },
  );
});

test("whatever a template is made of, it is read back as made", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.~@-]{0,6}$/);
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,6}$/);
  const segments = fc.uniqueArray(fc.oneof(word.map(literal), name.map(param)), {
    maxLength: 6,
    selector: (segment) => (segment.kind === "param" ? segment.name : {}),
  });
  fc.assert(
    fc.property(word, segments, (first, others) => {
      const made = [literal(first), ...others];
      const source = made.map((s) => (s.kind === "literal" ? s.text : `{${s.name}}`)).join("_");
      expect(parseTemplate(source).segments).toEqual(made);
    }),
  );
});

test("no text but a template is taken for one: a refused one is refused by SpecError alone", () => {
  const pieces = fc.array(fc.constantFrom("a", "_", "{", "}", "id", "%", "/", ":", ".", "é", "\ud800"), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      const source = parts.join("");
      try {
        const { segments } = parseTemplate(source);
        expect(segments.map((s) => (s.kind === "literal" ? s.text : `{${s.name}}`)).join("_")).toBe(source);
      } catch (error) {
        expect(error).toBeInstanceOf(SpecError);
      }
    }),
  );
});
