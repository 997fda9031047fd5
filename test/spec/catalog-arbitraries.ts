import fc from "fast-check";
import { type AnyKey, key } from "../../src/index.ts";
import type { KeyType } from "../../src/spec/types/index.ts";
import { canonicalOf, inputOf, keyType } from "./type-arbitraries.ts";

/** Few words, some of which are also the text of a value, so that random templates meet often. */
export const words = ["a", "0", "1.5", "true", "2026-11-21"];

const first = fc.constantFrom("a", "b");

type Part = { readonly word: string } | { readonly type: KeyType };

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.constantFrom(...words).map((word) => ({ word })),
  keyType.map((type) => ({ type })),
);

/** Any key of two or three segments, of any types. Its value does not matter here. */
export const anyKey: fc.Arbitrary<AnyKey> = fc
  .tuple(first, fc.array(part, { minLength: 1, maxLength: 2 }))
  .map(([start, parts]) => {
    const params: Record<string, KeyType> = {};
    const template: string[] = [start];
    for (const [i, each] of parts.entries()) {
      if ("type" in each) params[`p${i}`] = each.type;
      template.push("type" in each ? `{p${i}}` : each.word);
    }
    return viewOf(template.join("_"), params);
  });

/** Declared as JavaScript would: the template is not known to the compiler. */
function viewOf(template: string, params: Readonly<Record<string, KeyType>>): AnyKey {
  const builder: { view(params: unknown, load: unknown): AnyKey } = Reflect.apply(key, undefined, [
    template,
    { ttlMs: 1 },
  ]);
  return builder.view(params, async () => null);
}

/** What a caller may pass for a key. */
export function paramsOf(of: AnyKey): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc.record(Object.fromEntries(Object.entries(of.params).map(([name, type]) => [name, inputOf(type)])));
}

/** A text that may well be a key of one of these, or of two. */
export function textNear(keys: readonly AnyKey[]): fc.Arbitrary<string> {
  const types = keys.flatMap((each) => Object.values(each.params));
  const values = types.map((type) => canonicalOf(type).map((value) => type.keyText?.write(value) ?? ""));
  const word = fc.oneof(fc.constantFrom(...words), ...values);
  return fc
    .tuple(first, fc.array(word, { minLength: 1, maxLength: 2 }))
    .map(([start, others]) => [start, ...others].join("_"));
}
