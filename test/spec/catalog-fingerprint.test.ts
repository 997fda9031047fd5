import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyKey,
  bigint,
  catalogOf,
  defineKeys,
  increment,
  insert,
  int,
  key,
  type Mutation,
  removePartition,
  type Table,
  table,
  text,
  touchesOf,
  update,
} from "../../src/index.ts";
import { primaryKeyOf } from "../../src/spec/table.ts";
import { anyKeyOver, anyMutation, anyTable } from "./touches-arbitraries.ts";
import { product } from "./touches-model.ts";

const fingerprintOf = (keys: readonly AnyKey[]): string => catalogOf(named(keys)).fingerprint;
const named = (keys: readonly AnyKey[]) => defineKeys(Object.fromEntries(keys.map((each, i) => [`key${i}`, each])));

const users = table("users", { id: int, name: text }, { partition: ["id"] });
const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, motto: text },
  { partition: ["user_id"], clustering: { friend_id: "asc" }, static: ["motto"] },
);
const user = key("users_{id}").row(users);
const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });
const friendship = key("users_{id}_friends_{other}").row(friendships, { user_id: "id", friend_id: "other" });
const base = fingerprintOf([user, friends, friendship]);

describe("the fingerprint stays the same", () => {
  const moreColumns = table("users", { age: int, id: int }, { partition: ["id"], ttl: "never" });
  test.each<[string, readonly AnyKey[]]>([
    ["in another order of keys", [friendship, user, friends]],
    [
      "in another order of bindings",
      [user, friends, key("users_{id}_friends_{other}").row(friendships, { friend_id: "other", user_id: "id" })],
    ],
    [
      "with other names of parameters",
      [user, friends, key("users_{a}_friends_{b}").row(friendships, { user_id: "a", friend_id: "b" })],
    ],
    ["with other columns outside the key", [key("users_{id}").row(moreColumns), friends, friendship]],
    ["with other options", [key("users_{id}", { ttlMs: 5 }).row(users), friends, friendship]],
    ["under another path", [user.path("/people/:id"), friends, friendship]],
    ["with another way to read the same rows", [user, friends.first(5), friendship]],
    [
      "with a view that no write names",
      [user, friends, friendship, key("about", { ttlMs: 5 }).view({}, async () => 1)],
    ],
  ])("%s", (_what, keys) => {
    expect(fingerprintOf(keys)).toBe(base);
  });

  test("with other names of keys", () => {
    expect(catalogOf(defineKeys({ a: user, b: friends, c: friendship })).fingerprint).toBe(base);
  });
});

describe("the fingerprint is another", () => {
  const wide = table("users", { id: bigint, name: text }, { partition: ["id"] });
  const turned = table(
    "friendships",
    { user_id: int, friend_id: int, motto: text },
    { partition: ["user_id", "friend_id"] },
  );
  const back = table(
    "friendships",
    { user_id: int, friend_id: int, motto: text },
    { partition: ["friend_id", "user_id"] },
  );
  const plain = table(
    "friendships",
    { user_id: int, friend_id: int, motto: text },
    { partition: ["user_id"], clustering: { friend_id: "asc" } },
  );
  const pair = { user_id: "id", friend_id: "other" } as const;
  const template = "users_{id}_friends_{other}";
  test.each<[string, readonly AnyKey[], readonly AnyKey[], Mutation, Mutation]>([
    [
      "with another word in a template",
      [user],
      [key("people_{id}").row(users)],
      insert(users, { id: 1 }),
      insert(users, { id: 1 }),
    ],
    [
      "with a key more",
      [user],
      [user, key("people_{id}").row(users)],
      insert(users, { id: 1 }),
      insert(users, { id: 1 }),
    ],
    [
      "with another column bound",
      [
        key("f_{id}")
          .staleWhen(friendships, { user_id: "id" })
          .view({ id: int }, async () => 1),
      ],
      [
        key("f_{id}")
          .staleWhen(friendships, { friend_id: "id" })
          .view({ id: int }, async () => 1),
      ],
      insert(friendships, { user_id: 1, friend_id: 2 }),
      insert(friendships, { user_id: 1, friend_id: 2 }),
    ],
    [
      "with another order of the partition",
      [key(template).row(turned, pair)],
      [key(template).row(back, pair)],
      removePartition(turned, { user_id: 1, friend_id: 2 }),
      removePartition(back, { user_id: 1, friend_id: 2 }),
    ],
    [
      "with another static column",
      [friends],
      [key("users_{id}_friends").rows(plain, { user_id: "id" })],
      update(friendships, { user_id: 1, friend_id: 1 }, { motto: "x" }),
      update(plain, { user_id: 1, friend_id: 1 }, { motto: "x" }),
    ],
  ])("%s, and some write touches other names", (_what, some, others, write, otherWrite) => {
    expect(fingerprintOf(some)).not.toBe(fingerprintOf(others));
    expect(touchesOf(catalogOf(named(some)), [write])).not.toEqual(touchesOf(catalogOf(named(others)), [otherWrite]));
  });

  test("with another type of a key column, whose text may differ", () => {
    expect(fingerprintOf([user])).not.toBe(fingerprintOf([key("users_{id}").row(wide)]));
  });
});

describe("of any two specs over a table", () => {
  const anyKeys = (of: Table): fc.Arbitrary<readonly AnyKey[]> =>
    fc.tuple(anyKeyOver(of, "k0"), anyKeyOver(of, "k1")).chain((keys) => fc.subarray([...keys], { minLength: 1 }));
  const anyPair = anyTable("t").chain((of) =>
    fc.record({ of: fc.constant(of), some: anyKeys(of), others: anyKeys(of), mutations: fc.array(anyMutation(of)) }),
  );
  const namesBy = (keys: readonly AnyKey[], mutations: readonly Mutation[]): unknown => {
    const { keys: names, partitions, tables } = touchesOf(catalogOf(named(keys)), mutations);
    return [names, partitions, tables].map((each) => [...each].sort());
  };

  test("those with one fingerprint touch the same names by every write", () => {
    let equal = 0;
    fc.assert(
      fc.property(anyPair, ({ some, others, mutations }) => {
        if (fingerprintOf(some) !== fingerprintOf(others)) return;
        equal++;
        expect(namesBy(some, mutations)).toEqual(namesBy(others, mutations));
      }),
      { numRuns: 1500 },
    );
    expect(equal).toBeGreaterThan(20);
  });

  test("those with two fingerprints touch other names by the write of some row", () => {
    fc.assert(
      fc.property(anyPair, ({ of, some, others }) => {
        if (fingerprintOf(some) === fingerprintOf(others)) return;
        const writes = everyRow(of).map((row) => (of.counter ? increment(of, row, { v: 1 }) : insert(of, row)));
        const differs = writes.some((write) => !isDeepStrictEqual(namesBy(some, [write]), namesBy(others, [write])));
        expect(differs).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

const everyRow = (of: Table): ReturnType<typeof product> =>
  product(Object.fromEntries(primaryKeyOf(of).map((column) => [column, of.columns[column]?.cql ?? ""])));
