import type { AnyKey } from "../../src/index.ts";
import type { Position } from "../../src/protocol/position.ts";
import { type Chance, oneIn, pick } from "./chance.ts";
import { type Habits, hot } from "./habits.ts";
import type { History } from "./history.ts";
import { FRIENDS, keys, LISTS, SESSIONS, USERS, upTo } from "./keys.ts";
import type { ToWrite } from "./mutations.ts";
import type { Asked, KeyName } from "./seen.ts";

/** How a client reads. */
export interface ToRead extends Asked {
  readonly how: "answer" | "fresh" | "get" | "page";
  /** Of a page: the row behind which it begins; -1 for the first. */
  readonly after: number;
  /** It asks to see a write that was reported successful: the newest but so many; undefined for none. */
  readonly sees: number | undefined;
  readonly waitMs: number;
}

export function someRead(chance: Chance, habits: Habits): ToRead {
  const name = pick(chance, habits.reads);
  const params = someParams(chance, name, habits);
  const listOnly = name === "friends" ? "page" : "get";
  const how = pick<ToRead["how"]>(chance, ["answer", "answer", "answer", "answer", "get", "fresh", listOnly]);
  return {
    name,
    params,
    how,
    after: how === "page" ? chance.int(FRIENDS) - 1 : -1,
    sees: oneIn(chance, 5) ? chance.int(2) : undefined,
    waitMs: pick(chance, [0, 0, 60, 250]),
  };
}

/** A read of something that this write changes. */
export function someReadOf(chance: Chance, { effects }: Pick<ToWrite, "effects">, habits: Habits): ToRead {
  const read = someRead(chance, habits);
  const effect = effects[chance.int(effects.length)];
  if (effect === undefined || effect.kind === "truncate") return read;
  const [table, partition = "0", clustering = "0"] = ("row" in effect ? effect.row : effect.partition).split("/");
  const [id, friend_id] = [Number(partition), Number(clustering)];
  const [first = read.name, ...others] = NAMES_BY_TABLE[table ?? ""] ?? [];
  const name = pick(chance, [first, ...others]);
  const params = name === "friend" ? { user_id: id, friend_id } : { id: table === "users" && isOfList(name) ? 0 : id };
  return { ...read, name, params, how: read.how === "page" ? "answer" : read.how, after: -1 };
}

const NAMES_BY_TABLE: Readonly<Record<string, readonly KeyName[]>> = {
  users: ["user", "user", "names", "quick", "card", "circle"],
  friendships: ["friends", "names", "friendCount", "firstFriends", "friend", "circle"],
  sessions: ["session"],
};
const isOfList = (name: KeyName): boolean => name === "names" || name === "circle";

export const plainly = (asked: Asked): ToRead => ({ ...asked, how: "answer", after: -1, sees: undefined, waitMs: 0 });

/** The position that this read asks for. */
export function positionFor({ sees }: ToRead, { reported }: History): Position | undefined {
  return sees === undefined ? undefined : reported.at(-1 - sees);
}

function someParams(chance: Chance, name: KeyName, habits: Habits): Asked["params"] {
  if (name === "friend") return { user_id: hot(chance, LISTS, habits), friend_id: hot(chance, FRIENDS, habits) };
  if (name === "session") return { id: hot(chance, SESSIONS, habits) };
  return { id: hot(chance, name === "user" || name === "quick" || name === "card" ? USERS : LISTS, habits) };
}

/** Every key there is. */
export function everyKey(): readonly Asked[] {
  const byId = (names: readonly KeyName[], n: number): readonly Asked[] =>
    names.flatMap((name) => upTo(n).map((id) => ({ name, params: { id } })));
  return [
    ...byId(["user", "quick", "card"], USERS),
    ...byId(["friends", "firstFriends", "friendCount", "names", "circle"], LISTS),
    ...byId(["session"], SESSIONS),
    ...upTo(LISTS).flatMap((user_id) =>
      upTo(FRIENDS).map((friend_id) => ({ name: "friend" as const, params: { user_id, friend_id } })),
    ),
  ];
}

/** The key, seen as any key: what it gives is looked at by `seenIn`. */
export const keyOf = ({ name }: Asked): AnyKey => Object(keys)[name];

export const wordsOf = (of: Asked): string => `${of.name}(${Object.values(of.params).join(",")})`;
