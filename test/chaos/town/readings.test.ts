import { describe, expect, it } from "vitest";
import { exactly } from "../judge/allowed.ts";
import type { Value } from "../judge/history.ts";
import { readingsOf, someReading } from "./readings.ts";
import { friendOf, likesOf, nameOf, postOf } from "./registers.ts";
import { type Circle, foundTown, type Person, type PostPlace } from "./town.ts";

const [circle] = foundTown().circles as [Circle];
const [ann, bob, cat] = circle.people as [Person, Person, Person];
const friend = (of: Person, other: Person, n: number) => ({
  user_id: of.id,
  friend_id: other.id,
  since: new Date(n).toISOString(),
});
/** Ann's friends are Bob and Cat. */
const truth = exactly(
  new Map<string, Value>([
    ...ann.posts.slice(0, 2).map((post, i): [string, Value] => [postOf(ann, post), `v${9 + i}`]),
    [friendOf(ann, bob), "v5"],
    [friendOf(ann, cat), "v6"],
    [nameOf(bob), "v7"],
    [nameOf(cat), "v8"],
  ]),
  new Map([[likesOf(ann), 3]]),
);
const check = (path: string, json: unknown): readonly string[] => {
  const reading = readingsOf(ann).find((each) => each.path === `/users/${ann.id}${path}` || each.path === path);
  if (reading === undefined) throw new Error(`nobody reads ${path}`);
  return reading.check(json, truth, false);
};
const [toBob, toCat] = [friend(ann, bob, 5), friend(ann, cat, 6)];

describe("an answer is held against every register that it shows or leaves out:", () => {
  it("a list", () => {
    expect(check("/friends", [toBob, toCat])).toEqual([]);
    expect(check("/friends", [toBob])).toEqual([expect.stringContaining(`${friendOf(ann, cat)} was null, not v6`)]);
    expect(check("/friends", [toBob, friend(ann, cat, 4)])).toEqual([expect.stringContaining("was v4, not v6")]);
    expect(check("/friends", [toCat, toBob])).toEqual([expect.stringContaining("out of order")]);
    expect(check("/friends", [toBob, toCat, friend(ann, { ...cat, id: 9_999 }, 1)])).toEqual([
      expect.stringContaining("that nobody made: 9999"),
    ]);
    expect(check("/friends", [{ ...toBob, user_id: bob.id }, toCat])).toEqual([expect.stringContaining("a row of")]);
    expect(() => check("/friends", { rows: [] })).toThrow("no list");
  });

  it("a page, which covers what lies between its ends only", () => {
    const page = (path: string, json: unknown, hasNext: boolean) => {
      const first = { int: (n: number) => (n === 10 ? 2 : 0) }; // a reading by pages, of one row each
      const reading = someReading(ann, [ann], first);
      expect(reading.path).toBe(`/users/${ann.id}/friends?limit=1`);
      expect(reading.check([toBob], truth, true)).toEqual([]);
      return reading.follow?.(path).check(json, truth, hasNext);
    };
    expect(page("?limit=1&after=1", [toCat], false)).toEqual([]);
    expect(page("?limit=1&after=1", [], true)).toEqual([]);
    expect(page("?limit=1&after=1", [], false)).toEqual([expect.stringContaining(`${friendOf(ann, cat)} was null`)]);
  });

  it("a count", () => {
    expect(check("/friends/count", 2)).toEqual([]);
    expect(check("/friends/count", 1)).toEqual([expect.stringContaining("has 1 friends, not 2 to 2")]);
  });

  it("a view, in which who has no row is missing", () => {
    const [named, other] = [
      { id: bob.id, name: "v7" },
      { id: cat.id, name: "v8" },
    ];
    expect(check("/friends/names", [named, other])).toEqual([]);
    expect(check("/friends/names", [named])).toEqual([expect.stringContaining("was missing among the names")]);
    expect(check("/friends/names", [named, { ...other, name: "v1" }])).toEqual([
      expect.stringContaining("was v1, not v8"),
    ]);
    const [, , , dan] = circle.people as [Person, Person, Person, Person];
    expect(check("/friends/names", [named, other, { id: dan.id, name: null }])).toEqual([
      expect.stringContaining("was among the names"),
    ]);
  });

  it("posts, newest first", () => {
    const [first, second] = ann.posts as [PostPlace, PostPlace];
    const row = ({ id }: PostPlace, body: string) => ({ author_id: ann.id, id, body, author_name: null });
    const [older, newer] = [row(first, "v9"), row(second, "v10")];
    expect(check("/posts", [newer, older])).toEqual([]);
    expect(check("/posts", [older, newer])).toEqual([expect.stringContaining("out of order")]);
    expect(check("/posts", [newer, newer, older])).toEqual([expect.stringContaining("out of order, or twice")]);
    const strange = { ...newer, id: "00000000-0000-4000-8000-999999999999" };
    expect(check("/posts", [newer, older, strange])).toEqual([expect.stringContaining("that nobody wrote")]);
    expect(check("/posts", [newer])).toEqual([expect.stringContaining("was null, not v9")]);
  });

  it("many keys at once: one answer for each", () => {
    const reading = (kind: number) => someReading(ann, [bob], { int: (n) => (n === 10 ? kind : 0) });
    const user = (person: Person, name: string | null) => ({ id: person.id, name, email: null });
    const [users, friendships] = [reading(0), reading(1)];
    expect(users.check([user(ann, null), user(bob, "v7"), user(bob, "v7")], truth, false)).toEqual([]);
    expect(() => users.check([user(ann, null), user(bob, "v7")], truth, false)).toThrow("a list of 2 where 3");
    expect(friendships.check([toBob, toBob], truth, false)).toEqual([]);
    expect(() => friendships.check([toBob, toBob, toCat], truth, false)).toThrow("a list of 3 where 2");
  });

  it("a row, and that there is none", () => {
    expect(check(`/friends/${bob.id}`, toBob)).toEqual([]);
    expect(check(`/friends/${bob.id}`, undefined)).toEqual([expect.stringContaining("was null, not v5")]);
    expect(check(`/posts/${ann.likedPost}/likes`, { post_id: ann.likedPost, likes: "3" })).toEqual([]);
    expect(check(`/posts/${ann.likedPost}/likes`, undefined)).toEqual([expect.stringContaining("was 0, not 3 to 3")]);
  });
});
