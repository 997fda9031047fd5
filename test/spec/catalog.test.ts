import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyKey,
  catalogOf,
  defineKeys,
  int,
  isKeySet,
  type KeySet,
  key,
  MAX_KEY_LENGTH,
  SpecError,
  table,
  text,
} from "../../src/index.ts";
import { readKey } from "../../src/spec/key-text.ts";
import { anyKey, paramsOf, textNear } from "./catalog-arbitraries.ts";

const users = table("users", { id: int, name: text }, { partition: ["id"] });
const friendships = table(
  "friendships",
  { user_id: int, friend_id: int },
  { partition: ["user_id"], clustering: { friend_id: "asc" } },
);
const user = key("users_{id}").row(users);
const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });

const userByName = key("users_{name}", { ttlMs: 1 }).view({ name: text }, async () => 1);
const userCount = key("users_count", { ttlMs: 1 }).view({}, async () => 1);

const anyKeys = fc
  .uniqueArray(anyKey, { minLength: 3, maxLength: 6, selector: (each) => each.template.source })
  .map((keys) => Object.fromEntries(keys.map((each, i) => [`key${i}`, each])));

describe("two keys that could ever share a text are refused, naming both and such a text", () => {
  test.each<[string, AnyKey, AnyKey, string]>([
    ["one template twice", user, key("users_{uid}").row(users, { id: "uid" }), "users_0"],
    ["a word that is a value", userByName, userCount, "users_count"],
    ["types with a value in common", user, userByName, "users_0"],
  ])("%s", (_what, a, b, shared) => {
    const define = (): unknown => defineKeys({ a, b });
    expect(define).toThrow(SpecError);
    expect(define).toThrow(`keys a (${a.template.source}) and b (${b.template.source}) would both give ${shared}`);
  });

  test("and they really do share it: either is read back from it", () => {
    let refused = 0;
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const words = refusalOf(keys);
        if (words === undefined) return;
        refused++;
        const [, a = "", b = "", shared = ""] =
          /^keys (\w+) .* and (\w+) .* would both give (\S+)\. /.exec(words) ?? [];
        for (const name of [a, b]) {
          const of = keys[name];
          expect(of && readKey(of.template, of.params, shared)).toBeDefined();
        }
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(20);
  });
});

describe("in keys that were not refused", () => {
  const accepted = anyKeys.filter((keys) => refusalOf(keys) === undefined);

  test("no text is a key of two", () => {
    const keysAndText = accepted.chain((keys) => fc.tuple(fc.constant(keys), textNear(Object.values(keys))));
    let found = 0;
    fc.assert(
      fc.property(keysAndText, ([keys, near]) => {
        const readers = Object.values(keys).filter((of) => readKey(of.template, of.params, near) !== undefined);
        found += readers.length;
        expect(readers.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(50);
  });

  test("parsing is the inverse of writing: the same key, the same parameters", () => {
    const written = accepted.chain((keys) =>
      fc.constantFrom(...Object.keys(keys)).chain((name) => {
        const of: AnyKey = keys[name] ?? user;
        return fc.tuple(fc.constant(keys), fc.constant(name), paramsOf(of));
      }),
    );
    fc.assert(
      fc.property(written, ([keys, name, params]) => {
        const of: AnyKey = keys[name] ?? user;
        const canonical = Object.fromEntries(Object.entries(of.params).map(([p, type]) => [p, type.accept(params[p])]));
        const parsed = catalogOf(defineKeys(keys)).parse(of.text(params));
        expect(parsed?.name).toBe(name);
        expect(parsed?.params).toEqual(canonical);
        expect(of.text(parsed?.params ?? {})).toBe(of.text(params));
      }),
      { numRuns: 500 },
    );
  });

  test("what parses is written back the same: a key has one text", () => {
    const keysAndText = accepted.chain((keys) => fc.tuple(fc.constant(keys), textNear(Object.values(keys))));
    fc.assert(
      fc.property(keysAndText, ([keys, near]) => {
        const parsed = catalogOf(defineKeys(keys)).parse(near);
        if (parsed !== undefined) expect(parsed.key.text(parsed.params)).toBe(near);
      }),
    );
  });

  test.each([
    "",
    "users",
    "users_",
    "users_x",
    "users_042",
    "users_42_",
    "users_42_enemies",
    "_",
    "x".repeat(MAX_KEY_LENGTH + 1),
  ])("%j is no key, and is not taken for one", (stranger) => {
    expect(catalogOf(defineKeys({ user, friends })).parse(stranger)).toBeUndefined();
  });
});

describe("a catalog", () => {
  const keys = defineKeys({ user, friends });
  const catalog = catalogOf(keys);

  test("gives the keys back by the names they were given", () => {
    expect(keys.user).toBe(user);
    expect(Object.keys(keys)).toEqual(["user", "friends"]);
    expect(catalog.keys.map(({ name }) => name)).toEqual(["user", "friends"]);
  });

  test("knows which keys a table makes stale, and from which columns", () => {
    expect(catalog.staleBy("friendships").map(({ name, source }) => [name, source.bind])).toEqual([
      ["friends", { user_id: "id" }],
    ]);
    expect(catalog.staleBy("strangers")).toEqual([]);
    expect([...catalog.tables.keys()]).toEqual(["users", "friendships"]);
  });

  test("knows a declared key also under another path, and an undeclared one not at all", () => {
    expect(catalog.nameOf(user)).toBe("user");
    expect(catalog.nameOf(user.path("/people/:id"))).toBe("user");
    expect(catalog.nameOf(friends.first(5))).toBeUndefined();
    expect(catalog.nameOf(key("users_{id}").row(users))).toBeUndefined();
  });

  test("is known as one even where it was made by another copy of the module", () => {
    const elsewhere = { [Symbol.for("nearkey.catalog")]: catalog };
    expect(isKeySet(keys)).toBe(true);
    expect(isKeySet(elsewhere) && catalogOf(elsewhere)).toBe(catalog);
    for (const other of [undefined, null, "keys", {}, { user }]) expect(isKeySet(other)).toBe(false);
  });

  test("refuses two tables of one name: a write to one could not tell which keys it touches", () => {
    const again = table("users", { id: int }, { partition: ["id"] });
    const other = key("people_{id}").row(again);
    expect(() => defineKeys({ user, other })).toThrow("two tables are called users");
  });

  test("is data for other languages: tables, keys, options and the fingerprint, free of functions", () => {
    const { exported } = catalogOf(
      defineKeys({ user, latest: key("latest_{id}", { ttlMs: 5 }).rows(friendships, { user_id: "id" }).first(3) }),
    );
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
    expect(exported.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(exported.tables.friendships).toEqual({
      columns: { user_id: "int", friend_id: "int" },
      partition: ["user_id"],
      clustering: [{ column: "friend_id", order: "asc" }],
      static: [],
      counter: false,
      ttl: "may",
    });
    expect(exported.keys[1]).toEqual({
      name: "latest",
      template: "latest_{id}",
      params: { id: "int" },
      kind: "rows",
      first: 3,
      sources: [{ table: "friendships", bind: { user_id: "id" } }],
      httpPath: "/latest/:id",
      options: { ttlMs: 5 },
    });
  });
});

function refusalOf(keys: Readonly<Record<string, AnyKey>>): string | undefined {
  try {
    const defined: KeySet = defineKeys(keys);
    return isKeySet(defined) ? undefined : "not a key set";
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}
