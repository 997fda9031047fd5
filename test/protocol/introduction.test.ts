import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { catalogOf } from "../../src/index.ts";
import {
  decodeIntroduction,
  encodeIntroduction,
  IntroductionError,
  MAX_INTRODUCTION_BYTES,
} from "../../src/protocol/introduction.ts";
import { Answers, MAX_ANSWERS } from "../../src/protocol/roll-call.ts";

const { exported } = catalogOf(keys);
const as = { role: "backend", exported } as const;
const who = { host: "web-1", pid: 42 };
const whole = encodeIntroduction(as, { ...who, maxBytes: MAX_INTRODUCTION_BYTES });

describe("an introduction", () => {
  test("is read back as it was written", () => {
    const { fingerprint } = exported;
    expect(decodeIntroduction(whole)).toEqual({ v: 1, role: "backend", ...who, fingerprint, spec: exported });
  });

  test("leaves out a key spec that would make it larger than a message may be", () => {
    const bytes = new TextEncoder().encode(whole).length;
    const { fingerprint } = exported;
    expect(encodeIntroduction(as, { ...who, maxBytes: bytes })).toBe(whole);
    const small = encodeIntroduction(as, { ...who, maxBytes: bytes - 1 });
    expect(decodeIntroduction(small)).toEqual({ v: 1, role: "backend", ...who, fingerprint, spec: null });
  });

  test("may say more than this version knows, and options that it does not know are kept", () => {
    const [first, ...others] = exported.keys;
    const spec = { ...exported, keys: [{ ...first, options: { later: { a: [1] } }, more: 1 }, ...others], more: 1 };
    const read = decodeIntroduction(JSON.stringify({ ...JSON.parse(whole), spec, more: 1 }));
    expect(read.spec?.keys[0]).toEqual({ ...first, options: { later: { a: [1] } } });
  });

  test.each([
    ["not JSON", "{", "not JSON"],
    ["of another version", JSON.stringify({ ...JSON.parse(whole), v: 2 }), "v: "],
    ["without a role", JSON.stringify({ ...JSON.parse(whole), role: "cook" }), "role: "],
    [
      "with another format of key specs",
      JSON.stringify({ ...JSON.parse(whole), spec: { ...exported, format: 2 } }),
      "spec.format: ",
    ],
    ["too long", " ".repeat(MAX_INTRODUCTION_BYTES + 1), "characters"],
  ])("that is %s is refused, and the error says why", (_what, text, words) => {
    expect(() => decodeIntroduction(text)).toThrow(IntroductionError);
    expect(() => decodeIntroduction(text)).toThrow(words);
  });

  test("is refused with this error and no other, whatever was sent", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ ...JSON.parse(whole), spec: value })),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          decodeIntroduction(text);
        } catch (error) {
          expect(error).toBeInstanceOf(IntroductionError);
        }
      }),
    );
  });
});

describe("the answers to a roll call", () => {
  test("are counted where they cannot be read, and the first ten reasons kept", () => {
    const answers = new Answers();
    answers.take(whole);
    for (let i = 0; i < 25; i++) answers.take("no");
    const { cut, present, unreadable } = answers.rollCall;
    expect([present.length, unreadable.count, unreadable.reasons.length, cut]).toEqual([1, 25, 10, false]);
    expect(unreadable.reasons[0]).toContain("not JSON");
  });

  test("are no more than a bound, and past it the roll call says that it was cut", () => {
    const answers = new Answers();
    for (let i = 0; i < MAX_ANSWERS; i++) expect(answers.take("no")).toBe(true);
    expect(answers.rollCall.cut).toBe(false);
    expect(answers.take(whole)).toBe(false);
    expect(answers.rollCall).toMatchObject({ cut: true, present: [], unreadable: { count: MAX_ANSWERS } });
  });
});
