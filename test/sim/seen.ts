import { FIRST, FRIENDS, LISTS, SESSIONS, upTo } from "./keys.ts";

/** What an answer says about the database: a row as a write left it, or that it is not there; or how many a partition has. */
export type Seen =
  | { readonly row: string; readonly version: number | undefined }
  | { readonly partition: string; readonly rows: number };

export type KeyName =
  | "user"
  | "friend"
  | "friends"
  | "firstFriends"
  | "friendCount"
  | "session"
  | "quick"
  | "card"
  | "names"
  | "circle"
  | "left"
  | "right";

export interface Asked {
  readonly name: KeyName;
  readonly params: Readonly<Record<string, number>>;
}

/** Everything that the value of a key says. `isCut`: a list that may have more rows behind its last. */
export function seenIn({ name, params }: Asked, value: unknown, isCut = false): readonly Seen[] {
  const { id = 0, user_id = 0, friend_id = 0 } = params;
  switch (name) {
    case "user":
    case "quick":
    case "card":
      return [{ row: `users/${id}`, version: versionOf(value, "name") }];
    case "session":
      return [{ row: `sessions/${id}`, version: versionOf(value, "token") }];
    case "friend":
      return [{ row: `friendships/${user_id}/${friend_id}`, version: versionOf(value, "since") }];
    case "friends":
      return seenInList(id, value, isCut);
    case "firstFriends":
      return seenInList(id, value, isCut || rowsIn(value).length === FIRST);
    case "friendCount":
      return [{ partition: `friendships/${id}`, rows: typeof value === "number" ? value : Number.NaN }];
    case "names":
      return seenInNames(id, value);
    case "circle":
      return seenInCircle(id, value);
    case "left":
    case "right":
      return []; // they never have a value
  }
}

/** Rows of one list, and those that are missing in it: up to its last, if it is cut; behind `after` only. */
export function seenInList(id: number, value: unknown, isCut: boolean, after = -1): readonly Seen[] {
  const versions = new Map(rowsIn(value).map((row) => [Number(row.friend_id), versionOf(row, "since")]));
  const last = isCut ? Math.max(after, ...versions.keys()) : FRIENDS - 1;
  return upTo(FRIENDS)
    .filter((friend) => friend > after && friend <= last)
    .map((friend) => ({ row: `friendships/${id}/${friend}`, version: versions.get(friend) }));
}

function seenInNames(id: number, value: unknown): readonly Seen[] {
  const { list, users } = recordIn(value);
  const friends = rowsIn(list).map((row) => Number(row.friend_id));
  const names = Array.isArray(users) ? users : [];
  return [
    ...seenInList(id, list, false),
    ...friends.map((friend, i) => ({ row: `users/${friend}`, version: versionOf(names[i], "name") })),
  ];
}

function seenInCircle(id: number, value: unknown): readonly Seen[] {
  const { names, count, session } = recordIn(value);
  const [first, second] = Array.isArray(names) ? names : [];
  return [
    ...seenInNames(id, first),
    ...seenInNames((id + 1) % LISTS, second),
    { partition: `friendships/${id}`, rows: Number(count) },
    { row: `sessions/${id % SESSIONS}`, version: versionOf(session, "token") },
  ];
}

/** The write that a row's value names; undefined where there is no row. */
function versionOf(row: unknown, column: string): number | undefined {
  const value = recordIn(row)[column];
  return typeof value === "string" ? Number(value.slice(1)) : undefined;
}

const recordIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const rowsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(recordIn) : [];
