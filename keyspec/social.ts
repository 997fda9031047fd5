import * as schema from "../schema/social.ts";
import { int, key } from "../src/index.ts";

// The keys of the worked example. Each is written as it reads, so that `users_42_friends` in a log can be grepped to its line here.

/** Row 42 of `users` is `users_42`. */
export const user = key("users_{id}").row(schema.users);

/** Who has this address: a lookup table is read as any other. */
export const userByEmail = key("users_by_email_{email}").row(schema.usersByEmail).path("/emails/:email");

/** Everyone that a person is a friend of. */
export const friends = key("users_{id}_friends").rows(schema.friendships, { user_id: "id" });

/** The first 50 of them in the table's clustering order, by number: a list that stays small however many friends there are. */
export const firstFriends = key("users_{id}_friends_first").rows(schema.friendships, { user_id: "id" }).first(50);

/** How many there are. */
export const friendCount = key("users_{id}_friends_count").count(schema.friendships, { user_id: "id" });

/** Whether two are friends, and since when. */
export const friendship = key("users_{id}_friends_{friend}").row(schema.friendships, {
  user_id: "id",
  friend_id: "friend",
});

/**
 * The friends with their names. No table says so: it reads two other keys, so that it is stale when either is. Friend 7
 * is renamed, and 42's list of names goes.
 */
export const friendNames = key("users_{id}_friends_names", { ttlMs: 60_000 }).view(
  { id: int },
  async ({ id }, read) => {
    const list = await read(friends, { id });
    const rows = await read.many(
      user,
      list.map((friend) => ({ id: friend.friend_id })),
    );
    return rows.flatMap((row) => (row === undefined ? [] : [{ id: row.id, name: row.name }]));
  },
);

/** What a person wrote, newest first. Served page by page once it is long. */
export const posts = key("users_{id}_posts", { maxRows: 1000 }).rows(schema.posts, { author_id: "id" });

/** The twenty newest of it. */
export const latestPosts = key("users_{id}_posts_latest").rows(schema.posts, { author_id: "id" }).first(20);

/** One post, by its whole primary key. */
export const post = key("posts_{author}_{at}_{id}").row(schema.posts, {
  author_id: "author",
  created_at: "at",
  id: "id",
});

/** How many people like a post. A page may show it a little old when currency cannot be proved. */
export const likes = key("posts_{id}_likes", { onUnproven: { labelMs: 5_000 } }).row(schema.postLikes, {
  post_id: "id",
});

/** What was said in a room on a day. */
export const messages = key("messages_{room}_{day}").rows(schema.messages, { room: "room", day: "day" });
