import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyKey,
  catalogOf,
  counter,
  defineKeys,
  increment,
  insert,
  int,
  key,
  type Mutation,
  remove,
  removePartition,
  removeRange,
  type Table,
  type Touches,
  table,
  text,
  timestamp,
  touchesOf,
  truncate,
  update,
  uuid,
} from "../../src/index.ts";
import { partitionsOf } from "../../src/spec/read-plan.ts";
import { anyKeyOver, anyMutation, anyTable } from "./touches-arbitraries.ts";
import { after, answerOf, type Contents, EMPTY, fullOf, product } from "./touches-model.ts";

interface Case {
  readonly table: Table;
  readonly keys: readonly AnyKey[];
  readonly mutations: readonly Mutation[];
}

const anyCase: fc.Arbitrary<Case> = anyTable("t").chain((of) => {
  const keys = fc.tuple(anyKeyOver(of, "k0"), anyKeyOver(of, "k1"), anyKeyOver(of, "k2"));
  const mutations = fc.array(anyMutation(of), { minLength: 1, maxLength: 3 });
  return fc
    .record({ table: fc.constant(of), keys, mutations })
    .map((all) => ({ ...all, [fc.toStringMethod]: () => inWords(all) }));
});

/** A counterexample without the machinery of column types. */
function inWords({ table: { name, columns, partition, clustering, static: statics }, keys, mutations }: Case): string {
  const shape = { name, columns: Object.keys(columns), partition, clustering, statics };
  const declared = keys.map((each) => [each.template.source, each.reading.kind, each.sources.map(({ bind }) => bind)]);
  return JSON.stringify([shape, declared, mutations.map(({ table: _, ...mutation }) => mutation)]);
}

const touchesIn = ({ keys, mutations }: Case): Touches =>
  touchesOf(catalogOf(defineKeys(Object.fromEntries(keys.map((each, i) => [`key${i}`, each])))), mutations);

const everyParams = (of: AnyKey): ReturnType<typeof product> =>
  product(Object.fromEntries(Object.entries(of.params).map(([name, type]) => [name, type.cql])));

describe("against a table that is read before and after the write", () => {
  test("whatever a read would now answer otherwise is touched, by key, partition or table", () => {
    const withContents = anyCase.chain((of) =>
      fc.tuple(
        fc.constant(of),
        fc.array(anyMutation(of.table), { maxLength: 8 }).map((all) => all.reduce(after, EMPTY)),
      ),
    );
    let changed = 0;
    fc.assert(
      fc.property(withContents, ([of, before]) => {
        const touched = touchesIn(of);
        const then = of.mutations.reduce(after, before);
        for (const each of of.keys) {
          for (const params of everyParams(each)) {
            if (answerOf(each, params, before) === answerOf(each, params, then)) continue;
            changed++;
            expect(isTouched(touched, each, params), `${each.text(params)} by ${JSON.stringify(touched)}`).toBe(true);
          }
        }
      }),
      { numRuns: 1500 },
    );
    expect(changed).toBeGreaterThan(500);
  });

  test("no key is touched by a write that could not change it, unless its whole partition is", () => {
    fc.assert(
      fc.property(anyCase, (of) => {
        for (const mutation of of.mutations) {
          const { keys, partitions } = touchesIn({ ...of, mutations: [mutation] });
          if (partitions.length > 0) continue;
          for (const name of keys) expect(canChange(of, mutation, name), name).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a whole table is touched by truncate, and else only for keys that do not tell their partition", () => {
    fc.assert(
      fc.property(anyCase, (of) => {
        const rows = of.mutations.filter((m) => m.op !== "truncate");
        const telling = of.keys.filter((each) => partitionsOf(each, everyParams(each)[0] ?? {}).length > 0);
        if (telling.length === of.keys.length) expect(touchesIn({ ...of, mutations: rows }).tables).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

function isTouched(touched: Touches, of: AnyKey, params: Readonly<Record<string, unknown>>): boolean {
  return (
    touched.keys.includes(of.text(params)) ||
    partitionsOf(of, params).some((name) => touched.partitions.includes(name)) ||
    of.sources.some(({ table: { name } }) => touched.tables.includes(name))
  );
}

/** Whether there are contents that this write changes so that the key reads otherwise: none, all, or just what it deletes. */
function canChange(of: Case, mutation: Mutation, name: string): boolean {
  const full = fullOf(of.table);
  const left = after(full, mutation);
  const deleted: Contents = { rows: full.rows.filter((row) => !left.rows.includes(row)), statics: full.statics };
  return of.keys.some((each) =>
    everyParams(each).some(
      (params) =>
        each.text(params) === name &&
        [EMPTY, full, deleted].some(
          (before) => answerOf(each, params, before) !== answerOf(each, params, after(before, mutation)),
        ),
    ),
  );
}

const users = table("users", { id: int, name: text }, { partition: ["id"] });
const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: timestamp, motto: text },
  { partition: ["user_id"], clustering: { friend_id: "asc" }, static: ["motto"] },
);
const likes = table("likes", { id: uuid, likes: counter }, { partition: ["id"] });
const keys = defineKeys({
  user: key("users_{id}").row(users),
  friends: key("users_{id}_friends").rows(friendships, { user_id: "id" }),
  friendship: key("users_{id}_friends_{friend}").row(friendships, { user_id: "id", friend_id: "friend" }),
  admirers: key("users_{id}_admirers")
    .staleWhen(friendships, { friend_id: "id" })
    .view({ id: int }, async () => []),
  likes: key("likes_{id}").row(likes),
});
const touches = (...mutations: readonly Mutation[]): Touches => touchesOf(catalogOf(keys), mutations);
const pair = { user_id: 42, friend_id: 7 };

describe("a write touches", () => {
  test("a row, the lists it stands in, and the views that said so", () => {
    const names = ["users_42_friends", "users_42_friends_7", "users_7_admirers"];
    const expected = { keys: names, partitions: [], tables: [], about: ["friendships"] };
    expect(touches(insert(friendships, { ...pair, since: new Date(0) }))).toEqual(expected);
    expect(touches(remove(friendships, pair))).toEqual(expected);
    expect(touches(update(friendships, pair, { since: null }))).toEqual(expected);
  });

  test("each name once, however many mutations name it", () => {
    const both = touches(insert(friendships, pair), remove(friendships, { user_id: 42, friend_id: 8 }));
    expect(both.keys.filter((name) => name === "users_42_friends")).toHaveLength(1);
    expect(both.about).toEqual(["friendships"]);
  });

  test("the partition, where every row shows what it wrote; and the table, where a view goes by another column", () => {
    const expected = { keys: ["users_42_friends"], partitions: ["friendships/42"], tables: ["friendships"] };
    expect(touches(update(friendships, { user_id: 42 }, { motto: "hi" }))).toMatchObject(expected);
    expect(touches(removePartition(friendships, { user_id: 42 }))).toMatchObject(expected);
    expect(touches(removeRange(friendships, { user_id: 42 }, { lt: 9 }))).toMatchObject(expected);
    expect(touches(insert(friendships, { ...pair, motto: "hi" }))).toMatchObject({
      partitions: ["friendships/42"],
      tables: ["friendships"],
    });
  });

  test("the partition, where it is conditional: it may be decided later, by another coordinator", () => {
    expect(touches(update(users, { id: 42 }, { name: "Ada" }, { ifExists: true }))).toEqual({
      keys: ["users_42"],
      partitions: ["users/42"],
      tables: [],
      about: ["users"],
    });
    expect(touches(insert(users, { id: 42 }, { ifNotExists: true })).partitions).toEqual(["users/42"]);
  });

  test("the table, where it empties it", () => {
    expect(touches(truncate(users))).toEqual({ keys: [], partitions: [], tables: ["users"], about: ["users"] });
  });

  test("a counter's row", () => {
    const id = "c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10";
    expect(touches(increment(likes, { id }, { likes: 1 })).keys).toEqual([`likes_${id}`]);
  });

  test("nothing by name in a table that no key reads, but says which table it was about", () => {
    const other = table("other", { id: int }, { partition: ["id"] });
    expect(touches(insert(other, { id: 1 }))).toEqual({ keys: [], partitions: [], tables: [], about: ["other"] });
  });
});

describe("a row whose key would be too long to cache", () => {
  const pages = table(
    "pages",
    { url: text, day: text, body: text },
    { partition: ["url"], clustering: { day: "asc" } },
  );
  const catalog = catalogOf(
    defineKeys({
      page: key("pages_{url}_{day}").row(pages, { url: "url", day: "day" }),
      days: key("pages_{url}").rows(pages, { url: "url" }),
    }),
  );

  test("can still be written: there is nothing to touch, for nothing is cached under it", () => {
    const long = "x".repeat(2000);
    expect(touchesOf(catalog, [insert(pages, { url: long, day: "mon" })])).toMatchObject({ keys: [], partitions: [] });
    expect(touchesOf(catalog, [removePartition(pages, { url: long })])).toMatchObject({ keys: [], partitions: [] });
  });

  test("still touches the keys of its partition that are short enough", () => {
    const touched = touchesOf(catalog, [insert(pages, { url: "u", day: "d".repeat(2000) })]);
    expect(touched.keys).toEqual(["pages_u"]);
  });
});
