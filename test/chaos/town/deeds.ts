import { type Chance, pick } from "../../sim/chance.ts";
import type { Value } from "../judge/history.ts";
import { authorNameOf, emailOf, friendOf, likesOf, nameOf, ownerOf, postOf, version } from "./registers.ts";
import type { Circle, Person } from "./town.ts";

/** One write: the request that asks for it, and what it changes. */
export interface Deed {
  readonly method: "PUT" | "PATCH" | "DELETE" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly changes: ReadonlyMap<string, Value>;
  /** Whose keys it makes stale. */
  readonly people: readonly [Person, ...Person[]];
}

/** What a deed is made with: its number, which is in every value that it writes, and chance. */
interface Making {
  readonly circle: Circle;
  readonly n: number;
  readonly chance: Chance;
}

type MakeDeed = (making: Making) => Deed;

/** A deed of a circle, by chance. */
export function someDeed(making: Making): Deed {
  let left = making.chance.int(DEEDS.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, make] of DEEDS) {
    left -= weight;
    if (left < 0) return make(making);
  }
  return rename(making);
}

const rename: MakeDeed = ({ circle, n, chance }) => {
  const person = pick(chance, circle.people);
  const name = version(n);
  return {
    method: "PATCH",
    path: `/users/${person.id}`,
    body: { name },
    changes: new Map([[nameOf(person), name]]),
    people: [person],
  };
};

const replace: MakeDeed = ({ circle, n, chance }) => {
  const person = pick(chance, circle.people);
  const text = version(n);
  const changes = new Map([
    [nameOf(person), text],
    [emailOf(person), text],
  ]);
  return { method: "PUT", path: `/users/${person.id}`, body: { name: text, email: text }, changes, people: [person] };
};

const leave: MakeDeed = ({ circle, chance }) => {
  const person = pick(chance, circle.people);
  const changes = new Map([
    [nameOf(person), null],
    [emailOf(person), null],
  ]);
  return { method: "DELETE", path: `/users/${person.id}`, changes, people: [person] };
};

/** Both sides of a friendship, or of its end, in one batch. */
const befriend: MakeDeed = ({ circle, n, chance }) => {
  const [a, b] = pick(chance, circle.pairs);
  const friends = chance.int(100) < circle.friendsOf100;
  const side = (of: Person, other: Person) => ({
    op: friends ? "insert" : "delete",
    table: "friendships",
    key: { user_id: of.id, friend_id: other.id },
    ...(friends && { set: { since: new Date(n).toISOString() } }),
  });
  const value = friends ? version(n) : null;
  const changes = new Map([
    [friendOf(a, b), value],
    [friendOf(b, a), value],
  ]);
  return { method: "POST", path: "/batch", body: [side(a, b), side(b, a)], changes, people: [a, b] };
};

/** A whole partition; not of the one whom everybody knows, who would soon have no friends. */
const forgetFriends: MakeDeed = ({ circle, chance }) => {
  const person = pick(chance, circle.people.slice(1));
  const changes = new Map(person.others.map((other) => [friendOf(person, other), null]));
  return { method: "DELETE", path: `/friendships/${person.id}`, changes, people: [person] };
};

/** A range of a partition: a few friends in a row. */
const forgetSome: MakeDeed = ({ circle, chance }) => {
  const person = pick(chance, circle.people);
  const from = chance.int(person.others.length);
  const gone = person.others.slice(from, from + 2);
  const range = { gte: gone[0]?.id, lte: gone.at(-1)?.id };
  const body = [{ op: "deleteRange", table: "friendships", key: { user_id: person.id }, range }];
  const changes = new Map(gone.map((other) => [friendOf(person, other), null]));
  return { method: "POST", path: "/batch", body, changes, people: [person] };
};

/** Conditional writes, and no others: Cassandra orders these by a clock of its own. */
const moveAddress: MakeDeed = ({ circle, n, chance }) => {
  const person = pick(chance, circle.people);
  const path = `/users_by_email/${encodeURIComponent(person.email)}`;
  const changes = (value: Value) => new Map([[ownerOf(person), value]]);
  const common = { path, people: [person] } as const;
  const kind = chance.int(3);
  if (kind === 2) return { ...common, method: "DELETE", headers: { "if-match": "*" }, changes: changes(null) };
  const headers = kind === 0 ? { "if-none-match": "*" } : { "if-match": "*" };
  return { ...common, method: "PUT", headers, body: { user_id: n }, changes: changes(version(n)) };
};

const like: MakeDeed = ({ circle, chance }) => {
  const person = pick(chance, circle.people.slice(0, 6));
  const changes = new Map([[likesOf(person), "+1"]]);
  return { method: "PATCH", path: `/post_likes/${person.likedPost}`, body: { likes: "1" }, changes, people: [person] };
};

const publish: MakeDeed = ({ circle, n, chance }) => {
  const person = pick(chance, circle.people);
  const post = pick(chance, person.posts);
  const path = `/posts/${person.id}/${encodeURIComponent(post.at)}/${post.id}`;
  const body = version(n);
  const gone = chance.int(4) === 0;
  const changes = new Map([[postOf(person, post), gone ? null : body]]);
  if (gone) return { method: "DELETE", path, changes, people: [person] };
  return { method: "PUT", path, body: { body }, changes, people: [person] };
};

/** The row, and the static column that stands beside everything a person wrote. */
const renameEverywhere: MakeDeed = ({ circle, n, chance }) => {
  const person = pick(chance, circle.people);
  const name = version(n);
  const body = [
    { op: "update", table: "users", key: { id: person.id }, set: { name } },
    { op: "update", table: "posts", key: { author_id: person.id }, set: { author_name: name } },
  ];
  const changes = new Map([
    [nameOf(person), name],
    [authorNameOf(person), name],
  ]);
  return { method: "POST", path: "/batch", body, changes, people: [person] };
};

const unpublish: MakeDeed = ({ circle, chance }) => {
  const person = pick(chance, circle.people);
  const changes = new Map([
    [authorNameOf(person), null],
    ...person.posts.map((post): [string, null] => [postOf(person, post), null]),
  ]);
  return { method: "DELETE", path: `/posts/${person.id}`, changes, people: [person] };
};

/** How often each is done, of a hundred. */
const DEEDS: readonly (readonly [number, MakeDeed])[] = [
  [22, rename],
  [8, replace],
  [4, leave],
  [30, befriend],
  [2, forgetFriends],
  [3, forgetSome],
  [8, moveAddress],
  [6, like],
  [11, publish],
  [4, renameEverywhere],
  [2, unpublish],
];
