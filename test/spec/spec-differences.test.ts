import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keys as example } from "../../keyspec/index.ts";
import { type AnyKey, catalogOf, defineKeys, int, key, table, text } from "../../src/index.ts";
import { exportSchema, type ReadExport } from "../../src/spec/export-schema.ts";
import { specDifferences } from "../../src/spec/spec-differences.ts";
import { anyKey } from "./catalog-arbitraries.ts";

const specOf = (keys: Readonly<Record<string, AnyKey>>): ReadExport =>
  exportSchema.parse(catalogOf(defineKeys(keys)).exported);

const users = table("users", { id: int, name: text }, { partition: ["id"] });
const posts = table("posts", { author: int, at: int }, { partition: ["author"], clustering: { at: "desc" } });
const user = key("users_{id}").row(users);
const ofAuthor = key("users_{id}_posts").rows(posts, { author: "id" });

/** Each difference as `what name.part: here / there`. */
const found = (here: Readonly<Record<string, AnyKey>>, there: Readonly<Record<string, AnyKey>>): readonly string[] =>
  specDifferences(specOf(here), specOf(there)).map(
    ({ what, name, part, here, there }) => `${what} ${name}.${part}: ${here} / ${there}`,
  );

describe("two key specs", () => {
  test("do not differ where they are the same, in whatever order it is declared", () => {
    expect(found({ user, ofAuthor }, { ofAuthor, user })).toEqual([]);
    const spec = exportSchema.parse(catalogOf(example).exported);
    expect(specDifferences(spec, spec)).toEqual([]);
  });

  test("differ by a key, and by its table, that only one of them has", () => {
    expect(found({ user, ofAuthor }, { user })).toEqual([
      "key ofAuthor.null: users_{id}_posts / null",
      "table posts.null: PRIMARY KEY ((author), at) / null",
    ]);
    expect(found({ user }, { user, ofAuthor })).toEqual([
      "key ofAuthor.null: null / users_{id}_posts",
      "table posts.null: null / PRIMARY KEY ((author), at)",
    ]);
  });

  test.each<[string, AnyKey, readonly string[]]>([
    [
      "a template",
      key("people_{id}").row(users),
      ["template: users_{id} / people_{id}", "HTTP path: /users/:id / /people/:id"],
    ],
    ["a path", user.path("/u/:id"), ["HTTP path: /users/:id / /u/:id"]],
    ["an option", key("users_{id}", { ttlMs: 5 }).row(users), ["ttlMs: null / 5"]],
    ["what is read", key("users_{id}").count(users, { id: "id" }), ["what: row / count"]],
  ])("differ by %s of one key", (_what, changed, parts) => {
    expect(found({ user }, { user: changed })).toEqual(parts.map((part) => `key user.${part}`));
  });

  test("differ by the length of a list, and by what makes it stale", () => {
    expect(found({ ofAuthor }, { ofAuthor: ofAuthor.first(5) })).toEqual(["key ofAuthor.what: rows / first 5 rows"]);
    const view = key("users_{id}_posts")
      .staleWhen(posts, {})
      .view({ id: int }, async () => 1);
    expect(found({ ofAuthor }, { ofAuthor: view })).toEqual([
      "key ofAuthor.what: rows / view",
      "key ofAuthor.source: posts.author ← {id} / posts",
    ]);
  });

  test("differ by a table that is called as something that every object has", () => {
    const odd = table("constructor", { id: int }, { partition: ["id"] });
    expect(found({ user }, { user, odd: key("odd_{id}").row(odd) })).toEqual([
      "key odd.null: null / odd_{id}",
      "table constructor.null: null / PRIMARY KEY ((id))",
    ]);
  });

  test("differ by the name of a key, where the template is the same", () => {
    expect(found({ user }, { person: user })).toEqual(["key user.name: user / person"]);
  });

  test("differ by the columns, the key and the TTL of a table", () => {
    const other = table("users", { id: text, age: int }, { partition: ["id"], ttl: "never" });
    const { id, name } = { id: "table users.column id: int / text", name: "table users.column name: text / null" };
    expect(found({ user }, { user: key("users_{id}").row(other) })).toEqual([
      "key user.parameter id: int / text",
      "table users.ttl: may / never",
      ...[id, name],
      "table users.column age: null / int",
    ]);
  });

  test("differ the other way round when they change places", () => {
    const spec = fc.uniqueArray(anyKey, {
      maxLength: 3,
      selector: (of) => of.template.segments.map((s) => s.kind).join(),
    });
    const named = (all: readonly AnyKey[]) => Object.fromEntries(all.map((of, i) => [`k${i}`, of]));
    fc.assert(
      fc.property(spec, spec, (a, b) => {
        const [here, there] = [a, b].map((all) => apart(named(all)));
        if (here === undefined || there === undefined) return;
        const turned = specDifferences(there, here).map((each) => ({ ...each, here: each.there, there: each.here }));
        const sorted = (all: readonly object[]): readonly string[] => all.map((each) => JSON.stringify(each)).sort();
        expect(sorted(turned)).toEqual(sorted(specDifferences(here, there)));
      }),
    );
  });
});

/** Undefined where these keys could meet. */
function apart(keys: Readonly<Record<string, AnyKey>>): ReadExport | undefined {
  try {
    return specOf(keys);
  } catch {
    return undefined;
  }
}
