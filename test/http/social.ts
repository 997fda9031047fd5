import { bigint, blob, boolean, counter, defineKeys, int, key, table, text, timestamp, uuid } from "../../src/index.ts";

/** Tables and keys that have one of everything that the routers treat apart. */
export const users = table("users", { id: int, name: text, email: text }, { partition: ["id"] });
export const byEmail = table("users_by_email", { email: text, user_id: int }, { partition: ["email"], ttl: "never" });
export const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: timestamp },
  { partition: ["user_id"], clustering: { friend_id: "asc" } },
);
export const rooms = table(
  "rooms",
  { room: text, at: timestamp, id: uuid, topic: text, said: text },
  { partition: ["room"], clustering: { at: "desc", id: "asc" }, static: ["topic"] },
);
export const likes = table("likes", { post: uuid, likes: counter, views: counter }, { partition: ["post"] });
export const odd = table(
  "odd",
  { big: bigint, bytes: blob, flag: boolean, note: text },
  { partition: ["big", "bytes", "flag"] },
);
export const tags = table("tags", { owner: int, tag: text }, { partition: ["owner"], clustering: { tag: "asc" } });

export const tables = [users, byEmail, friendships, rooms, likes, odd, tags];

export const keys = defineKeys({
  user: key("users_{id}").row(users),
  byEmail: key("users_by_email_{email}").row(byEmail),
  friends: key("users_{id}_friends").rows(friendships, { user_id: "id" }),
  friendship: key("users_{id}_friends_{friend}").row(friendships, { user_id: "id", friend_id: "friend" }),
  friendCount: key("users_{id}_friends_count").count(friendships, { user_id: "id" }),
  said: key("rooms_{room}", { cacheControl: "public, max-age=1" }).rows(rooms, { room: "room" }),
  tags: key("tags_{owner}").rows(tags, { owner: "owner" }),
  odd: key("odd_{big}_{bytes}_{flag}").row(odd),
  greeting: key("greeting", { ttlMs: 1000 }).view({}, async () => "hello"),
});
