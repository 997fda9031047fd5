import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ColumnType } from "../../src/spec/column-type.ts";
import { ValueError } from "../../src/spec/error.ts";
import { sharedText, toJsonText } from "../../src/spec/types/index.ts";
import type { KeyType } from "../../src/spec/types/scalar.ts";
import { canonicalOf, columnType, inputOf, keyType, keyTypes, scalarType } from "./type-arbitraries.ts";

/** A type with one of its inputs. */
const typed = fc.oneof(scalarType, columnType(2)).chain((type) => fc.tuple(fc.constant(type), inputOf(type)));

const withValues = (types: fc.Arbitrary<KeyType>, count: number): fc.Arbitrary<[KeyType, unknown[]]> =>
  types.chain((type) =>
    fc.tuple(fc.constant(type), fc.array(canonicalOf(type), { minLength: count, maxLength: count })),
  );

/** Whatever stands in for wrong input: each is refused by the types that are not for it. */
const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom<unknown>(
    "\ud800",
    "a\udc00",
    "42",
    "0x",
    "yes",
    "5",
    Number.NaN,
    1e21,
    3.7,
    undefined,
    null,
    new Date(Number.NaN),
  ),
);

function accepts(type: ColumnType, value: unknown): { readonly value: unknown } | undefined {
  try {
    return { value: type.accept(value) };
  } catch (error) {
    expect(error).toBeInstanceOf(ValueError);
    return undefined;
  }
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

describe("the canonical value", () => {
  test("is canonical itself: accepting it again changes nothing", () => {
    fc.assert(
      fc.property(typed, ([type, input]) => {
        const value = type.accept(input);
        expect(type.accept(value)).toEqual(value);
      }),
    );
  });

  test("is frozen to its last leaf", () => {
    fc.assert(
      fc.property(typed, ([type, input]) => {
        expect(isDeeplyFrozen(type.accept(input))).toBe(true);
      }),
    );
  });

  test("comes back from its JSON text, and its JSON form reads it", () => {
    fc.assert(
      fc.property(typed, ([type, input]) => {
        const value = type.accept(input);
        const json: unknown = JSON.parse(toJsonText(value));
        if (toJsonText(value).includes('"__proto__":')) {
          expect(type.json.safeParse(json).success).toBe(false);
          return;
        }
        expect(type.accept(type.json.parse(json))).toEqual(value);
      }),
    );
  });

  test("is what the JSON form makes of anything in JSON that accept takes, and of nothing else", () => {
    const json = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("42", "1.10", "2026-02-30", "2026-02-28", "P1D", "AA"),
    );
    fc.assert(
      fc.property(fc.oneof(scalarType, columnType(1)), json, (type, value) => {
        const parsed = type.json.safeParse(value);
        const accepted = accepts(type, value);
        const nonFinite = /"(?:NaN|-?Infinity)"/.test(toJsonText(value));
        if (nonFinite || toJsonText(value).includes("__proto__")) return;
        // In JSON a wide integer is text only: a number above 2^53 is rounded before anyone can refuse it.
        if (accepted !== undefined && !parsed.success) expect(type.cql).toMatch(/bigint|varint|counter/);
        else expect(parsed.success ? { value: parsed.data } : undefined).toEqual(accepted);
      }),
    );
  });

  test("has a JSON Schema for both directions", () => {
    fc.assert(
      fc.property(columnType(2), (type) => {
        expect(z.toJSONSchema(type.json)).toBeTypeOf("object");
        expect(z.toJSONSchema(type.json, { io: "input" })).toBeTypeOf("object");
      }),
    );
  });

  test("is refused with a ValueError, or accepted: nothing else is ever thrown", () => {
    fc.assert(
      fc.property(fc.oneof(scalarType, columnType(2)), anything, (type, value) => {
        accepts(type, value);
      }),
    );
  });
});

describe("the key text", () => {
  test("is read back as the value it was written from", () => {
    fc.assert(
      fc.property(withValues(keyType, 1), ([type, [value]]) => {
        expect(type.keyText.parse(type.keyText.write(value))).toEqual(value);
      }),
    );
  });

  test("is the same for whatever the caller passed and for the canonical value", () => {
    const input = keyType.chain((type) => fc.tuple(fc.constant(type), inputOf(type)));
    fc.assert(
      fc.property(input, ([type, given]) => {
        expect(type.keyText.write(given)).toBe(type.keyText.write(type.accept(given)));
      }),
    );
  });

  test("is shared by two values only if they are one value", () => {
    fc.assert(
      fc.property(withValues(keyType, 2), ([type, [a, b]]) => {
        const sameText = type.keyText.write(a) === type.keyText.write(b);
        expect(sameText).toBe(Object.is(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  test("holds letters, digits and -.:~+@% only", () => {
    fc.assert(
      fc.property(withValues(keyType, 1), ([type, [value]]) => {
        expect(type.keyText.write(value)).toMatch(/^(?:[A-Za-z0-9.:~+@-]|%[0-9A-F]{2})*$/);
      }),
    );
  });

  test("is the only text that reads as its value", () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^-?[0-9]{1,4}(\.[0-9]{1,3})?(e[+-]?[0-9]{1,2})?$/),
      fc.constantFrom(
        "%41",
        "%5f",
        "%5F",
        "%",
        "%C3",
        "%ED%A0%80",
        "+1",
        "-0",
        "01",
        "1.0",
        "1e3",
        "TRUE",
        "0X00",
        "0x0",
        "0x0A",
      ),
      fc.constantFrom("\ud800", "2026-11-21T03:43:00Z", "12:00:00", "::FFFF", "0:0:0:0:0:0:0:1", "1.2.3.04"),
    );
    fc.assert(
      fc.property(keyType, noise, (type, text) => {
        const value = type.keyText.parse(text);
        if (value !== undefined) expect(type.keyText.write(value)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test("that two types share is found by sharedText", () => {
    fc.assert(
      fc.property(withValues(keyType, 1), keyType, ([a, [value]], b) => {
        if (b.keyText.parse(a.keyText.write(value)) === undefined) return;
        expect(sharedText(a, b)).toBeDefined();
        expect(sharedText(b, a)).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  test("given by sharedText stands for a value of both types", () => {
    for (const a of keyTypes) {
      for (const b of keyTypes) {
        const text = sharedText(a, b);
        if (text === undefined) continue;
        expect(a.keyText.write(a.keyText.parse(text))).toBe(text);
        expect(b.keyText.write(b.keyText.parse(text))).toBe(text);
      }
    }
  });

  test("is absent from counters, durations and everything that is no scalar", () => {
    fc.assert(
      fc.property(columnType(2), (type) => {
        const keyed = type.shape.kind === "scalar" && !["counter", "duration"].includes(type.shape.name);
        expect(type.keyText !== undefined).toBe(keyed);
      }),
    );
  });
});

describe("the order", () => {
  const three = fc
    .oneof(scalarType, columnType(2))
    .chain((type) => fc.tuple(fc.constant(type), fc.tuple(canonicalOf(type), canonicalOf(type), canonicalOf(type))));

  test("is total: antisymmetric, transitive, and each value equals itself", () => {
    fc.assert(
      fc.property(three, ([type, [a, b, c]]) => {
        const sign = (x: unknown, y: unknown): number => Math.sign(type.compare(x, y)) + 0;
        expect(sign(a, a)).toBe(0);
        expect(sign(a, b) + sign(b, a)).toBe(0);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
        if (sign(a, b) === 0) expect(sign(a, c)).toBe(sign(b, c));
      }),
      { numRuns: 2000 },
    );
  });

  test("tells any two values apart, decimals of another scale excepted", () => {
    fc.assert(
      fc.property(withValues(keyType, 2), ([type, [a, b]]) => {
        if (type.cql !== "decimal") expect(type.compare(a, b) === 0).toBe(Object.is(a, b));
      }),
      { numRuns: 2000 },
    );
  });
});
