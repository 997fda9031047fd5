import type { Person, PostPlace } from "./town.ts";

// The names of the registers that the town's rows are made of.

export const nameOf = ({ id }: Person): string => `users/${id}/name`;
export const emailOf = ({ id }: Person): string => `users/${id}/email`;
export const friendOf = (a: Person, b: Person): string => `friendships/${a.id}/${b.id}`;
export const ownerOf = ({ email }: Person): string => `users_by_email/${email}`;
export const likesOf = ({ likedPost }: Person): string => `post_likes/${likedPost}`;
export const postOf = ({ id }: Person, post: PostPlace): string => `posts/${id}/${post.id}`;
export const authorNameOf = ({ id }: Person): string => `posts/${id}/author_name`;

/** The text of the value that the write of this number sets; numbers and dates are made from the number itself. */
export const version = (n: number): string => `v${n}`;
