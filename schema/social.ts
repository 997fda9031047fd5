import { counter, date, int, table, text, timestamp, uuid } from "../src/index.ts";

// The tables of social.cql, as types. `ttl: "never"` promises that no cell of the table is written with a TTL; without it
// a read also asks how long its cells will live.

/** One row to a person. */
export const users = table(
  "users",
  { id: int, name: text, email: text, joined: timestamp },
  { partition: ["id"], ttl: "never" },
);

/** From an address to the person: a lookup table. */
export const usersByEmail = table(
  "users_by_email",
  { email: text, user_id: int },
  { partition: ["email"], ttl: "never" },
);

/** Who is a friend of whom; each friendship is two rows. */
export const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: timestamp },
  { partition: ["user_id"], clustering: { friend_id: "asc" }, ttl: "never" },
);

/** What a person wrote, newest first; the author's name is stored once for all of it. */
export const posts = table(
  "posts",
  { author_id: int, created_at: timestamp, id: uuid, author_name: text, body: text },
  {
    partition: ["author_id"],
    clustering: { created_at: "desc", id: "asc" },
    static: ["author_name"],
    ttl: "never",
  },
);

/** How many people like a post. */
export const postLikes = table(
  "post_likes",
  { post_id: uuid, likes: counter },
  { partition: ["post_id"], ttl: "never" },
);

/** What was said in a room on a day, newest first. Some of it is written with a TTL. */
export const messages = table(
  "messages",
  { room: text, day: date, sent_at: timestamp, id: uuid, sender_id: int, body: text },
  { partition: ["room", "day"], clustering: { sent_at: "desc", id: "asc" }, ttl: "may" },
);

/** Every table of the schema. */
export const tables = [users, usersByEmail, friendships, posts, postLikes, messages] as const;
