import { type Table, table } from "../../src/spec/table.ts";
import {
  bigint,
  blob,
  counter,
  date,
  frozen,
  int,
  list,
  map,
  set,
  text,
  timestamp,
  timeuuid,
  tuple,
  udt,
  uuid,
  varint,
} from "../../src/spec/types/index.ts";

/** The tables of the conformance suite: every store that is tested holds all of them. */

export const people = table(
  "people",
  { id: int, name: text, email: text, tags: set(text) },
  { partition: ["id"], ttl: "never" },
);

export const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: timestamp },
  { partition: ["user_id"], clustering: { friend_id: "asc" }, ttl: "never" },
);

/** A composite partition, mixed clustering orders, static columns of one and of many cells. */
export const posts = table(
  "posts",
  {
    tenant: text,
    author: int,
    day: int,
    section: text,
    number: int,
    body: text,
    likes: bigint,
    title: text,
    members: set(int),
  },
  {
    partition: ["tenant", "author"],
    clustering: { day: "desc", section: "asc", number: "desc" },
    static: ["title", "members"],
    ttl: "may",
  },
);

/** All clustering columns descending. */
export const events = table(
  "events",
  { stream: int, at: int, part: int, kind: text },
  { partition: ["stream"], clustering: { at: "desc", part: "desc" }, ttl: "may" },
);

/** Nothing but a key. */
export const follows = table(
  "follows",
  { who: int, whom: int },
  { partition: ["who"], clustering: { whom: "asc" }, ttl: "may" },
);

const address = udt("address", { street: text, zip: int });

/** Columns of many cells beside their frozen kin. */
export const shelves = table(
  "shelves",
  {
    id: int,
    slot: int,
    names: list(text),
    sizes: set(int),
    prices: map(text, int),
    place: address,
    frozen_names: frozen(list(text)),
    frozen_prices: frozen(map(int, text)),
    frozen_place: frozen(address),
    pair: tuple(int, text),
    note: text,
  },
  { partition: ["id"], clustering: { slot: "asc" }, ttl: "may" },
);

export const visits = table(
  "visits",
  { page: text, day: int, views: counter, likes: counter },
  { partition: ["page"], clustering: { day: "desc" } },
);

/** Key columns whose order is not that of their texts. */
export const keyed = table(
  "keyed",
  { p: uuid, d: varint, b: blob, t: timeuuid, day: date, big: bigint, v: int },
  { partition: ["p"], clustering: { d: "asc", b: "desc", t: "asc", day: "asc", big: "desc" }, ttl: "never" },
);

/** Some of everything, for the model test. */
export const boxes = table(
  "boxes",
  {
    p: int,
    a: int,
    b: text,
    s: text,
    ss: set(int),
    v: int,
    t: text,
    l: list(text),
    m: map(text, int),
    u: address,
    f: frozen(set(int)),
  },
  { partition: ["p"], clustering: { a: "desc", b: "asc" }, static: ["s", "ss"], ttl: "may" },
);

/** Names that are reserved words of CQL. */
export const reserved = table(
  "select",
  { from: int, order: int, set: text, token: text },
  { partition: ["from"], clustering: { order: "asc" }, static: ["token"], ttl: "may" },
);

export const tables: readonly Table[] = [
  people,
  friendships,
  posts,
  events,
  follows,
  shelves,
  visits,
  keyed,
  boxes,
  reserved,
];
