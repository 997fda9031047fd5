import { friendships, postLikes, posts, users, usersByEmail } from "../schema/social.ts";
import { increment, insert, type Mutation, type PrimaryKey, remove, removePartition, update } from "../src/index.ts";

// What people do, as writes. One deed is often several rows: given to a writer as one batch, it is announced as one.

/** Makes two people friends: one row in the partition of each. */
export function befriend(a: number, b: number, since: Date): readonly Mutation[] {
  return [
    insert(friendships, { user_id: a, friend_id: b, since }),
    insert(friendships, { user_id: b, friend_id: a, since }),
  ];
}

/** The reverse of `befriend`. */
export function unfriend(a: number, b: number): readonly Mutation[] {
  return [remove(friendships, { user_id: a, friend_id: b }), remove(friendships, { user_id: b, friend_id: a })];
}

/** A new person, who can be found by address at once. */
export function register(person: {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly joined: Date;
}): readonly Mutation[] {
  return [insert(users, person), insert(usersByEmail, { email: person.email, user_id: person.id })];
}

/** Another name, and with it the author's name of everything they wrote. */
export function rename(id: number, name: string): readonly Mutation[] {
  return [update(users, { id }, { name }), update(posts, { author_id: id }, { author_name: name })];
}

/** Another address: the lookup table follows. */
export function changeEmail(id: number, from: string, to: string): readonly Mutation[] {
  return [
    update(users, { id }, { email: to }),
    remove(usersByEmail, { email: from }),
    insert(usersByEmail, { email: to, user_id: id }),
  ];
}

/** Something new from an author, with the name they have now. */
export function publish(
  post: PrimaryKey<typeof posts> & { readonly author_name: string; readonly body: string },
): Mutation {
  return insert(posts, post);
}

/** One more who likes a post. */
export function like(postId: string): Mutation {
  return increment(postLikes, { post_id: postId }, { likes: 1 });
}

/** Forgets a person: their row, their address, what they wrote, and their side of every friendship. */
export function forget(id: number, email: string): readonly Mutation[] {
  return [
    remove(users, { id }),
    remove(usersByEmail, { email }),
    removePartition(posts, { author_id: id }),
    removePartition(friendships, { user_id: id }),
  ];
}
