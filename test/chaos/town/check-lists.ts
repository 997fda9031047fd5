import type { Allowed } from "../judge/allowed.ts";
import { checkAuthorName, checkFriend, checkId, checkPost, checkValue } from "./check-rows.ts";
import { cell, list, row, wholeNumber } from "./parts.ts";
import { emailOf, friendOf, likesOf, nameOf } from "./registers.ts";
import type { Person } from "./town.ts";

// Lists, counts and views as they were answered: what they hold, and what they leave out, against what each register may hold.

/** The part of a list that an answer covers: what lies beyond it may be anything. */
export interface Stretch {
  readonly after: number;
  readonly upTo: number;
  readonly atMost: number;
}

export const WHOLE_LIST: Stretch = {
  after: Number.NEGATIVE_INFINITY,
  upTo: Number.POSITIVE_INFINITY,
  atMost: Number.POSITIVE_INFINITY,
};

export function checkFriends(person: Person, json: unknown, allowed: Allowed, stretch: Stretch): readonly string[] {
  const rows = list(json).map(checkFriend);
  const seen = new Map(rows.map((friend) => [friend.friend_id, friend.value]));
  const isFull = rows.length === stretch.atMost;
  const upTo = isFull ? (rows.at(-1)?.friend_id ?? stretch.upTo) : stretch.upTo;
  const covered = person.others.filter(({ id }) => seen.has(id) || (id > stretch.after && id <= upTo));
  return [
    ...rows.flatMap((friend) => checkId(person.id, friend.user_id)),
    ...checkOrder(rows.map((friend) => friend.friend_id)),
    ...checkKnown(person, [...seen.keys()]),
    ...covered.flatMap((other) => checkValue(friendOf(person, other), seen.get(other.id) ?? null, allowed)),
  ];
}

export function checkCount(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  const count = wholeNumber(json);
  const friends = person.others.map((other) => [...allowed.values(friendOf(person, other))]);
  const least = friends.filter((values) => !values.includes(null)).length;
  const most = friends.filter((values) => values.some((value) => value !== null)).length;
  return least <= count && count <= most ? [] : [`${person.id} has ${count} friends, not ${least} to ${most}`];
}

/** A view of two tables: who is missing is no friend, or has no row. */
export function checkNames(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  const seen = new Map(list(json).map((each) => [wholeNumber(row(each).id), cell(row(each).name)]));
  return [
    ...checkKnown(person, [...seen.keys()]),
    ...person.others.flatMap((other) => checkName(person, other, seen.get(other.id), allowed)),
  ];
}

function checkName(
  person: Person,
  other: Person,
  name: string | null | undefined,
  allowed: Allowed,
): readonly string[] {
  const friend = allowed.values(friendOf(person, other));
  if (name === undefined) {
    const gone = allowed.values(nameOf(other)).has(null) && allowed.values(emailOf(other)).has(null);
    return friend.has(null) || gone
      ? []
      : [`${friendOf(person, other)} was missing among the names (${allowed.describe(friendOf(person, other))})`];
  }
  const stranger = [...friend].every((value) => value === null);
  const found = checkValue(nameOf(other), name, allowed);
  return stranger
    ? [...found, `${friendOf(person, other)} was among the names (${allowed.describe(friendOf(person, other))})`]
    : found;
}

export function checkPosts(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  const rows = list(json);
  const seen = new Map(rows.map((each) => [row(each).id, each]));
  return [
    ...checkPostsListed(
      person,
      rows.map((each) => row(each).id),
    ),
    ...person.posts.flatMap((post) => checkPost(person, post, seen.get(post.id), allowed)),
    ...rows.flatMap((each) => checkAuthorName(person, each, allowed)),
  ];
}

/** Newest first, none twice, and none that is not the author's. */
function checkPostsListed({ id, posts }: Person, ids: readonly unknown[]): readonly string[] {
  const known = new Set<unknown>(posts.map((post) => post.id));
  const strangers = ids.filter((each) => !known.has(each));
  const newestFirst = posts.map((post) => post.id).reverse();
  const inOrder = newestFirst.filter((each) => ids.includes(each));
  if (strangers.length > 0) return [`${id} has posts that nobody wrote: ${strangers.join(" ")}`];
  return inOrder.join() === ids.join() ? [] : [`posts out of order, or twice: ${ids.join(" ")}`];
}

/** No row of a counter is a counter at nothing. */
export function checkLikes(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  const likes = json === undefined ? 0 : wholeNumber(row(json).likes);
  const { least, most } = allowed.total(likesOf(person));
  return least <= likes && likes <= most ? [] : [`${likesOf(person)} was ${likes}, not ${least} to ${most}`];
}

function checkOrder(ids: readonly number[]): readonly string[] {
  return ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? id)) ? [] : [`out of order: ${ids.join(" ")}`];
}

function checkKnown(person: Person, ids: readonly number[]): readonly string[] {
  const strangers = ids.filter((id) => !person.others.some((other) => other.id === id));
  return strangers.length === 0 ? [] : [`${person.id} has friends that nobody made: ${strangers.join(" ")}`];
}
