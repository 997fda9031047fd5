import { describe, expect, test } from "vitest";
import {
  bigint,
  defineKeys,
  int,
  KeyTooLongError,
  key,
  list,
  MAX_KEY_LENGTH,
  SpecError,
  table,
  text,
  timestamp,
  ValueError,
} from "../../src/index.ts";
import { readKey } from "../../src/spec/key-text.ts";

const users = table("users", { id: int, name: text, tags: list(text) }, { partition: ["id"] });
const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: timestamp },
  { partition: ["user_id"], clustering: { friend_id: "asc" } },
);
const events = table(
  "events",
  { tenant: text, day: text, at: timestamp, id: int, body: text },
  { partition: ["tenant", "day"], clustering: { at: "desc", id: "asc" } },
);
const byName = key("names_{name}", { ttlMs: 1 }).view({ name: text }, async () => null);

describe("a key's text", () => {
  test("is the template with the parameters in it", () => {
    expect(key("users_{id}").row(users).text({ id: 42 })).toBe("users_42");
    expect(key("users_{id}_friends").rows(friendships, { user_id: "id" }).text({ id: 42 })).toBe("users_42_friends");
    const event = key("events_{t}_on_{d}_{at}_{id}").row(events, { tenant: "t", day: "d", at: "at", id: "id" });
    expect(event.text({ t: "acme", d: "mon", at: new Date(0), id: 7 })).toBe(
      "events_acme_on_mon_1970-01-01T00:00:00.000Z_7",
    );
    expect(
      key("everything", { ttlMs: 1 })
        .view({}, async () => 1)
        .text({}),
    ).toBe("everything");
  });

  test("holds no underscore but its separators: a value that has one is escaped", () => {
    expect(byName.text({ name: "ann_lee" })).toBe("names_ann%5Flee");
    expect(byName.text({ name: "" })).toBe("names_");
  });

  test("may be as long as its bound, and not longer", () => {
    const room = MAX_KEY_LENGTH - "names_".length;
    expect(byName.text({ name: "x".repeat(room) })).toHaveLength(MAX_KEY_LENGTH);
    expect(() => byName.text({ name: "x".repeat(room + 1) })).toThrow(KeyTooLongError);
    expect(() => byName.text({ name: "é".repeat(room / 3) })).toThrow(KeyTooLongError);
  });

  test("longer than its bound is not read as a key either", () => {
    const tooLong = `names_${"x".repeat(MAX_KEY_LENGTH)}`;
    expect(readKey(byName.template, byName.params, tooLong)).toBeUndefined();
  });

  test("refuses a lone surrogate, which Cassandra would store as another text", () => {
    expect(() => byName.text({ name: "a\ud800" })).toThrow(ValueError);
  });

  test.each([
    ["null", { id: null }],
    ["undefined", { id: undefined }],
    ["nothing", {}],
    ["a number as text", { id: "42" }],
    ["a fraction", { id: 4.2 }],
    ["too large a number", { id: 2 ** 31 }],
  ])("refuses %s for an int, without coercing", (_what, params) => {
    const text: (params: never) => string = key("users_{id}").row(users).text;
    expect(() => Reflect.apply(text, undefined, [params])).toThrow(ValueError);
  });
});

describe("a declaration is refused", () => {
  interface Untyped {
    row(...given: unknown[]): unknown;
    rows(...given: unknown[]): unknown;
    staleWhen(...given: unknown[]): Untyped;
    view(...given: unknown[]): unknown;
  }
  /** As JavaScript sees it. */
  const untyped = (template: string, options?: object): Untyped => Reflect.apply(key, undefined, [template, options]);
  const load = async (): Promise<number> => 1;

  test.each<[string, () => unknown, string]>([
    [
      "for a column that is not in the key",
      () => untyped("u_{x}").rows(users, { name: "x" }),
      "name is not a key column. Bind a key column, or read through a lookup table",
    ],
    ["for a column beside the key", () => untyped("u_{id}_{x}").rows(users, { id: "id", name: "x" }), "lookup table"],
    [
      "for a column that does not exist",
      () => untyped("u_{id}").rows(users, { id: "id", constructor: "x" }),
      "constructor",
    ],
    [
      "for a row by half its key",
      () => untyped("f_{id}").row(friendships, { user_id: "id" }),
      "nothing fills friend_id",
    ],
    [
      "for a gap in the clustering",
      () => untyped("e_{t}_{d}_{i}").rows(events, { tenant: "t", day: "d", id: "i" }),
      "in order",
    ],
    [
      "for one parameter in two columns",
      () => untyped("f_{x}").row(friendships, { user_id: "x", friend_id: "x" }),
      "own parameter",
    ],
    ["for a parameter that nothing fills", () => untyped("u_{id}_{x}").row(users, { id: "id" }), "nothing fills {x}"],
    ["for a parameter that is not named", () => untyped("u").row(users), "does not name {id}"],
    [
      "for a parameter of a type without text",
      () => untyped("u_{x}", { ttlMs: 1 }).view({ x: list(text) }, load),
      "scalar",
    ],
    [
      "for a view that may live for ever",
      () => untyped("u_{id}").view({ id: int }, load),
      "neither staleWhen nor ttlMs",
    ],
    [
      "for staleWhen into no parameter",
      () => untyped("u_{id}").staleWhen(users, { id: "x" }).view({ id: int }, load),
      "which is no parameter",
    ],
    ["for the first half row", () => key("u_{id}").rows(users, { id: "id" }).first(0.5), "whole number"],
    ["for the first no rows", () => key("u_{id}").rows(users, { id: "id" }).first(0), "whole number"],
    ["for the first of too many rows", () => key("u_{id}").rows(users, { id: "id" }).first(10_001), "10,000"],
    ["for a TTL of nothing", () => untyped("u_{id}", { ttlMs: 0 }), "ttlMs is 0"],
    ["for a misspelt option", () => untyped("u_{id}", { ttl: 60 }), "no option is called ttl"],
    ["for an option of another type", () => untyped("u_{id}", { onUnproven: { labelMs: "5" } }), "onUnproven"],
  ])("%s", (_why, declare, words) => {
    expect(declare).toThrow(SpecError);
    expect(declare).toThrow(words);
  });

  test("for a view whose parameter has another type than the column that makes it stale: no write could name it", () => {
    const wide = table("wide", { id: bigint, n: int }, { partition: ["id"] });
    const declare = (): unknown => key("w_{id}").staleWhen(wide, { id: "id" }).view({ id: int }, load);
    expect(declare).toThrow("{id} is of type int, but id of type bigint");
  });

  test("is not changed by what its author does to the binding afterwards", () => {
    const bind: { user_id: "id" } = { user_id: "id" };
    const friends = key("users_{id}_friends").rows(friendships, bind);
    Reflect.set(bind, "user_id", "other");
    expect(friends.sources[0]?.bind).toEqual({ user_id: "id" });
  });
});

describe("the HTTP path", () => {
  const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });

  test("follows the template", () => {
    expect(friends.httpPath).toBe("/users/:id/friends");
  });

  test("may be another that names each parameter once; the key stays the same", () => {
    const served = friends.path("/people/:id/friends");
    expect(served.httpPath).toBe("/people/:id/friends");
    expect(served.text({ id: 42 })).toBe("users_42_friends");
    expect(served.first(5).httpPath).toBe("/people/:id/friends");
    expect(friends.first(5).path("/five/:id").reading).toMatchObject({ first: 5 });
  });

  test.each([
    "people/:id",
    "/people",
    "/people/:uid",
    "/people/:id/:id",
    "/people/:id/:x",
    "/people//:id",
    "/people/:id/",
    "/people/a:id",
    "/people/:id(.*)",
    "/people/*/:id",
    "/people/:id?",
    "/../:id",
    "/",
    "",
  ])("%j is refused", (path) => {
    expect(() => friends.path(path)).toThrow(SpecError);
    expect(() => friends.path(path)).toThrow(":id");
  });

  test("two keys whose paths could ever be one are refused, naming both and such a path", () => {
    const a = key("a_{id}").row(users).path("/x/:id/y");
    const b = key("b_{name}", { ttlMs: 1 })
      .view({ name: text }, async () => 1)
      .path("/x/7/:name");
    expect(() => defineKeys({ a, b })).toThrow(
      "keys a (/x/:id/y) and b (/x/7/:name) would both be served under /x/7/y",
    );
  });

  test("a word that is written otherwise inside a key is still the same word in a path", () => {
    const all = key("all", { ttlMs: 1 })
      .view({}, async () => 1)
      .path("/x/by_name");
    const named = key("named_{name}", { ttlMs: 1 })
      .view({ name: text }, async () => 1)
      .path("/x/:name");
    expect(() => defineKeys({ all, named })).toThrow("would both be served under /x/by_name");
  });

  test("two paths that only look alike are kept apart by the types of their parameters", () => {
    const a = key("a_{id}").row(users).path("/x/:id/y");
    const b = key("b_{name}", { ttlMs: 1 })
      .view({ name: text }, async () => 1)
      .path("/x/all/:name");
    expect(() => defineKeys({ a, b })).not.toThrow();
  });
});
