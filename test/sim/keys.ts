import { defineKeys, int, key, table, text } from "../../src/index.ts";
import { TTL } from "./times.ts";

/** What is written and read: a few rows, so that what is done meets. Every value is the name of the write that put it there. */
export const USERS = 6;
/** Users that have friends, and as many friends as each may have. */
export const LISTS = 4;
export const FRIENDS = 5;
export const SESSIONS = 3;
/** How many friends the short list shows. */
export const FIRST = 2;

/** The numbers of rows, if there are so many. */
export const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

export const users = table("users", { id: int, name: text }, { partition: ["id"], ttl: "never" });
export const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: text },
  { partition: ["user_id"], clustering: { friend_id: "asc" }, ttl: "never" },
);
/** Some of these expire in the database. */
export const sessions = table("sessions", { id: int, token: text }, { partition: ["id"] });

const user = key("users_{id}").row(users);
const friend = key("friends_{user_id}_{friend_id}").row(friendships);
const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });
const firstFriends = key("users_{id}_friends_first").rows(friendships, { user_id: "id" }).first(FIRST);
const friendCount = key("users_{id}_friends_count").count(friendships, { user_id: "id" });
const session = key("sessions_{id}").row(sessions);
/** Lives so short that it is loaded anew before it ends. */
const quick = key("quick_{id}", { ttlMs: TTL.quickMs }).row(users);
/** May be answered without proof for a while, and says so. */
const card = key("cards_{id}", { onUnproven: { labelMs: TTL.labelMs } }).row(users);

/** The friends of a user, and the users that they are. */
const names = key("users_{id}_names", { ttlMs: TTL.viewMs }).view({ id: int }, async ({ id }, read) => {
  const list = await read(friends, { id });
  const found = await read.many(
    user,
    list.map((row) => ({ id: row.friend_id })),
  );
  return { list, users: found.map((row) => row ?? null) };
});
/** A view of views; it lives no longer than what it read. */
const circle = key("circles_{id}", { ttlMs: TTL.viewMs }).view({ id: int }, async ({ id }, read) => ({
  names: await read.many(names, [{ id }, { id: (id + 1) % LISTS }]),
  count: await read(friendCount, { id }),
  session: (await read(session, { id: id % SESSIONS })) ?? null,
}));

/** Two that read each other: alone each sees the circle; together they wait for each other, until their deadline. */
const left = key("left_{id}", { ttlMs: TTL.viewMs }).view(
  { id: int },
  async ({ id }, read): Promise<unknown> => [await read(user, { id }), await read(right, { id })],
);
const right = key("right_{id}", { ttlMs: TTL.viewMs }).view(
  { id: int },
  async ({ id }, read): Promise<unknown> => [await read(user, { id }), await read(left, { id })],
);

export const keys = defineKeys({
  user,
  friend,
  friends,
  firstFriends,
  friendCount,
  session,
  quick,
  card,
  names,
  circle,
  left,
  right,
});

/** The same tables in another release of the application: its messages name keys that this one does not have. */
export const otherKeys = defineKeys({
  person: key("people_{id}").row(users),
  tie: key("ties_{user_id}_{friend_id}").row(friendships),
  login: key("logins_{id}").row(sessions),
});
