import type { Allowed } from "../judge/allowed.ts";
import type { Value } from "../judge/history.ts";
import { cell, type Row, row, wholeNumber } from "./parts.ts";
import { authorNameOf, emailOf, friendOf, nameOf, ownerOf, postOf, version } from "./registers.ts";
import type { Person, PostPlace } from "./town.ts";

// Rows as they were answered, against what each of their registers may hold. Undefined: there was no such row.

export function checkValue(register: string, seen: Value, allowed: Allowed): readonly string[] {
  const values = allowed.values(register);
  if (values.has(seen)) return [];
  return [`${register} was ${seen}, not ${[...values].join(" or ")} (${allowed.describe(register)})`];
}

export function checkUser(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  const found: Row = json === undefined ? { id: person.id, name: null, email: null } : row(json);
  return [
    ...checkId(person.id, found.id),
    ...checkValue(nameOf(person), cell(found.name), allowed),
    ...checkValue(emailOf(person), cell(found.email), allowed),
  ];
}

export interface Friend {
  readonly user_id: number;
  readonly friend_id: number;
  readonly value: Value;
}

export function checkFriend(json: unknown): Friend {
  const { user_id, friend_id, since } = row(json);
  return { user_id: wholeNumber(user_id), friend_id: wholeNumber(friend_id), value: sinceText(cell(since)) };
}

/** The number of the write is the date. */
const sinceText = (since: string | null): Value => (since === null ? "no date" : version(Date.parse(since)));

export function checkFriendship(a: Person, b: Person, json: unknown, allowed: Allowed): readonly string[] {
  if (json === undefined) return checkValue(friendOf(a, b), null, allowed);
  const { user_id, friend_id, value } = checkFriend(json);
  return [...checkId(a.id, user_id), ...checkId(b.id, friend_id), ...checkValue(friendOf(a, b), value, allowed)];
}

export function checkOwner(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  if (json === undefined) return checkValue(ownerOf(person), null, allowed);
  const { email, user_id } = row(json);
  return [...checkId(person.email, email), ...checkValue(ownerOf(person), version(wholeNumber(user_id)), allowed)];
}

export function checkPost(person: Person, post: PostPlace, json: unknown, allowed: Allowed): readonly string[] {
  if (json === undefined) return checkValue(postOf(person, post), null, allowed);
  const { author_id, id, body } = row(json);
  return [
    ...checkId(person.id, author_id),
    ...checkId(post.id, id),
    ...checkValue(postOf(person, post), cell(body), allowed),
  ];
}

/** The static column, which every row of the partition shows. */
export function checkAuthorName(person: Person, json: unknown, allowed: Allowed): readonly string[] {
  return checkValue(authorNameOf(person), cell(row(json).author_name), allowed);
}

export function checkId(asked: string | number, answered: unknown): readonly string[] {
  return answered === asked ? [] : [`a row of ${JSON.stringify(answered)} where ${asked} was asked for`];
}
