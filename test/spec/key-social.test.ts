import { describe, expect, test } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { befriend, changeEmail, forget, like, publish, register, rename, unfriend } from "../../keyspec/writes.ts";
import { type AnyKey, catalogOf, checkBatch, type Mutation, touchesOf, type Values } from "../../src/index.ts";

const touched = (mutations: readonly Mutation[]): readonly string[] => touchesOf(catalogOf(keys), mutations).keys;
const at = new Date("2026-11-21T00:00:00Z");
const id = "c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10";

describe("in the worked example", () => {
  test("two people become friends in one batch, and both their lists go", () => {
    const lists = ["friends", "friends_first", "friends_count"];
    const expected = [
      ...[...lists, "friends_7"].map((rest) => `users_42_${rest}`),
      ...[...lists, "friends_42"].map((rest) => `users_7_${rest}`),
    ];
    expect(befriend(42, 7, at)).toHaveLength(2);
    expect(touched(befriend(42, 7, at))).toEqual(expected);
    expect(touched(unfriend(42, 7))).toEqual(expected);
  });

  test("a new name reaches everything that shows it: the row, and the partition of posts that repeats it", () => {
    const { keys: names, partitions } = touchesOf(catalogOf(keys), rename(42, "Ada"));
    expect(names).toEqual(["users_42", "users_42_posts", "users_42_posts_latest"]);
    expect(partitions).toEqual(["posts/42"]);
  });

  test("a new address is found, and the old one no longer", () => {
    expect(touched(changeEmail(42, "a@b", "c@d"))).toEqual(["users_42", "users_by_email_a@b", "users_by_email_c@d"]);
  });

  test("a like counts under its post", () => {
    expect(touched([like(id)])).toEqual([`posts_${id}_likes`]);
  });

  test("a post is a row, and stands in two lists of its author", () => {
    const post = publish({ author_id: 42, created_at: at, id, author_name: "Ada", body: "hi" });
    expect(touched([post])).toEqual(["users_42_posts", "users_42_posts_latest", `posts_42_${at.toISOString()}_${id}`]);
  });

  test("each deed is a batch that Cassandra takes", () => {
    const person = { id: 42, name: "Ada", email: "a@b", joined: at };
    const deeds = [
      befriend(1, 2, at),
      unfriend(1, 2),
      register(person),
      rename(1, "x"),
      changeEmail(1, "a", "b"),
      forget(1, "a"),
    ];
    for (const deed of deeds) expect(() => checkBatch(deed)).not.toThrow();
  });

  test("an address changed to itself would be deleted, and is refused", () => {
    expect(() => checkBatch(changeEmail(42, "a@b", "a@b"))).toThrow("deletes and writes one row of users_by_email");
  });

  test("the view of friends' names reads the list, then each friend, and leaves out who is gone", async () => {
    const asked: unknown[] = [];
    const answers: Readonly<Record<string, unknown>> = {
      users_42_friends: [{ friend_id: 7 }, { friend_id: 8 }],
      users_7: { id: 7, name: "Bea", email: null },
    };
    const answer = async (of: AnyKey, params: Values): Promise<unknown> => {
      asked.push(of.text(params));
      return answers[of.text(params)];
    };
    const many = (of: AnyKey, all: readonly Values[]): Promise<unknown> =>
      Promise.all(all.map((params) => answer(of, params)));
    const { reading } = keys.friendNames;
    if (reading.kind !== "view") throw new Error("friendNames is a view");
    const given = [{ id: 42 }, Object.assign(answer, { many })];
    expect(await Reflect.apply(reading.load, undefined, given)).toEqual([{ id: 7, name: "Bea" }]);
    expect(asked).toEqual(["users_42_friends", "users_7", "users_8"]);
  });
});
