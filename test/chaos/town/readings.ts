import { type Chance, pick } from "../../sim/chance.ts";
import type { Allowed } from "../judge/allowed.ts";
import {
  checkCount,
  checkFriends,
  checkLikes,
  checkNames,
  checkPosts,
  type Stretch,
  WHOLE_LIST,
} from "./check-lists.ts";
import { checkAuthorName, checkFriend, checkFriendship, checkOwner, checkPost, checkUser } from "./check-rows.ts";
import { list, listOf } from "./parts.ts";
import type { Person } from "./town.ts";

/** Something that can be asked of a frontend, and how its answer is held against what it may say. */
export interface Reading {
  readonly path: string;
  /** By how much more than the bound an answer that says so may be old. Where it is not given none may say so. */
  readonly labelMs?: number;
  /** What is wrong with an answer, in words. `json` is undefined where there was no such row. */
  check(json: unknown, allowed: Allowed, hasNext: boolean): readonly string[];
  /** Where the answer is a page: the reading of the next one, which the answer's link names. */
  readonly follow?: (link: string) => Reading;
}

/** Every key of one person, each read once. */
export function readingsOf(person: Person): readonly Reading[] {
  const { id, email, likedPost, others, posts } = person;
  return [
    { path: `/users/${id}`, check: (json, allowed) => checkUser(person, json, allowed) },
    { path: `/users/${id}/friends`, check: (json, allowed) => checkFriends(person, json, allowed, WHOLE_LIST) },
    {
      path: `/users/${id}/friends/first`,
      check: (json, allowed) => checkFriends(person, json, allowed, { ...WHOLE_LIST, atMost: FIRST }),
    },
    { path: `/users/${id}/friends/count`, check: (json, allowed) => checkCount(person, json, allowed) },
    { path: `/users/${id}/friends/names`, check: (json, allowed) => checkNames(person, json, allowed) },
    { path: `/users/${id}/posts`, check: (json, allowed) => checkPosts(person, json, allowed) },
    { path: `/users/${id}/posts/latest`, check: (json, allowed) => checkPosts(person, json, allowed) },
    { path: `/emails/${encodeURIComponent(email)}`, check: (json, allowed) => checkOwner(person, json, allowed) },
    {
      path: `/posts/${likedPost}/likes`,
      labelMs: LIKES_LABEL_MS,
      check: (json, allowed) => checkLikes(person, json, allowed),
    },
    ...others.slice(0, FRIENDS_READ_ALONE).map((other) => ({
      path: `/users/${id}/friends/${other.id}`,
      check: (json: unknown, allowed: Allowed) => checkFriendship(person, other, json, allowed),
    })),
    ...posts.map((post) => ({
      path: `/posts/${id}/${encodeURIComponent(post.at)}/${post.id}`,
      check: (json: unknown, allowed: Allowed) => [
        ...checkPost(person, post, json, allowed),
        ...(json === undefined ? [] : checkAuthorName(person, json, allowed)),
      ],
    })),
  ];
}

/** The label of `likes` in the key spec. */
const LIKES_LABEL_MS = 5_000;
/** The bound of `firstFriends` in the key spec. */
const FIRST = 50;
const FRIENDS_READ_ALONE = 6;

/** One reading of a person, by chance: mostly of one key, at times of many keys at once or of a list page by page. */
export function someReading(person: Person, among: readonly Person[], chance: Chance): Reading {
  const kind = chance.int(10);
  if (kind === 0) return manyUsers([person, pick(chance, among), pick(chance, among)]);
  if (kind === 1) return manyFriendships(person, [pick(chance, person.others), pick(chance, person.others)]);
  if (kind === 2) return page(person, `?limit=${1 + chance.int(20)}`, Number.NEGATIVE_INFINITY);
  return pick(chance, readingsOf(person));
}

function manyUsers(people: readonly Person[]): Reading {
  return {
    path: `/users?${people.map(({ id }) => `id=${id}`).join("&")}`,
    check: (json, allowed) => {
      const rows = listOf(json, people.length);
      return people.flatMap((person, i) => checkUser(person, rows[i] ?? undefined, allowed));
    },
  };
}

function manyFriendships(person: Person, others: readonly Person[]): Reading {
  return {
    path: `/users/${person.id}/friends?${others.map(({ id }) => `friend=${id}`).join("&")}`,
    check: (json, allowed) => {
      const rows = listOf(json, others.length);
      return others.flatMap((other, i) => checkFriendship(person, other, rows[i] ?? undefined, allowed));
    },
  };
}

/** A page of friends; the next one begins after its last row. */
function page(person: Person, query: string, after: number): Reading {
  let last = after;
  return {
    path: `/users/${person.id}/friends${query}`,
    check: (json, allowed, hasNext) => {
      const rows = list(json).map(checkFriend);
      last = rows.at(-1)?.friend_id ?? after;
      const stretch: Stretch = {
        after,
        upTo: hasNext ? last : Number.POSITIVE_INFINITY,
        atMost: Number.POSITIVE_INFINITY,
      };
      return checkFriends(person, json, allowed, stretch);
    },
    follow: (link) => page(person, link, last),
  };
}
