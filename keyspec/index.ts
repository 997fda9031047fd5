import { defineKeys } from "../src/index.ts";
import {
  firstFriends,
  friendCount,
  friendNames,
  friends,
  friendship,
  latestPosts,
  likes,
  messages,
  post,
  posts,
  user,
  userByEmail,
} from "./social.ts";

/** Every key of the worked example; `npx nearkey keys keyspec/index.ts` prints them. */
export const keys = defineKeys({
  user,
  userByEmail,
  friends,
  firstFriends,
  friendCount,
  friendship,
  friendNames,
  posts,
  latestPosts,
  post,
  likes,
  messages,
});

export default keys;
