import { insert, type Mutation, remove, removePartition, removeRange, truncate, update } from "../../src/index.ts";
import { type Chance, oneIn, pick } from "./chance.ts";
import { type Habits, hot, type WriteKind } from "./habits.ts";
import type { Effect } from "./history.ts";
import { FRIENDS, friendships, LISTS, SESSIONS, sessions, USERS, users } from "./keys.ts";

/** Something to write, and what it does in the history's words. */
export interface ToWrite {
  readonly mutations: readonly Mutation[];
  readonly effects: readonly Effect[];
}

type One = readonly [Mutation, Effect];

/** What the database holds when a schedule begins: half of all users, and half of all friendships. */
export function firstRows(): ToWrite {
  const ones: One[] = [];
  for (let id = 0; id < USERS; id += 2)
    ones.push([insert(users, { id, name: "w0" }), { kind: "put", row: `users/${id}` }]);
  for (let user_id = 0; user_id < LISTS; user_id++) {
    for (let friend_id = user_id % 2; friend_id < FRIENDS; friend_id += 2)
      ones.push([
        insert(friendships, { user_id, friend_id, since: "w0" }),
        { kind: "put", row: `friendships/${user_id}/${friend_id}` },
      ]);
  }
  return { mutations: ones.map(([mutation]) => mutation), effects: ones.map(([, effect]) => effect) };
}

/** The `n`th write of a schedule. Every value that it writes is its name. */
export function someWrite(chance: Chance, n: number, habits: Habits): ToWrite {
  return WRITES[pick(chance, habits.writes)](chance, `w${n}`, habits);
}

const WRITES: Readonly<Record<WriteKind, (chance: Chance, name: string, habits: Habits) => ToWrite>> = {
  rename: (...of) => only(rename(...of)),
  befriend: (...of) => only(befriend(...of)),
  login: (...of) => only(login(...of)),
  conditional,
  batch,
  truncate: (chance) => only(wipe(chance)),
};

const only = ([mutation, effect]: One): ToWrite => ({ mutations: [mutation], effects: [effect] });

function rename(chance: Chance, name: string, habits: Habits): One {
  const id = hot(chance, USERS, habits);
  const row = `users/${id}`;
  const kind = chance.int(8);
  if (kind === 7) return [removePartition(users, { id }), { kind: "remove partition", partition: row }];
  if (kind === 6) return [remove(users, { id }), { kind: "remove", row }];
  const mutation = kind % 2 === 0 ? insert(users, { id, name }) : update(users, { id }, { name });
  return [mutation, { kind: "put", row }];
}

function befriend(chance: Chance, since: string, habits: Habits): One {
  const user_id = hot(chance, LISTS, habits);
  const friend_id = hot(chance, FRIENDS, habits);
  const partition = `friendships/${user_id}`;
  const row = `${partition}/${friend_id}`;
  switch (chance.int(8)) {
    case 7:
      return [removePartition(friendships, { user_id }), { kind: "remove partition", partition }];
    case 6:
      return [
        removeRange(friendships, { user_id }, { gte: friend_id }),
        { kind: "remove from", partition, from: friend_id },
      ];
    case 5:
      return [remove(friendships, { user_id, friend_id }), { kind: "remove", row }];
    default:
      return [insert(friendships, { user_id, friend_id, since }), { kind: "put", row }];
  }
}

function login(chance: Chance, token: string, habits: Habits): One {
  const id = hot(chance, SESSIONS, habits);
  const row = `sessions/${id}`;
  const ttlSeconds = pick(chance, [1, 2]);
  const options = oneIn(chance, 4) ? {} : { ttlSeconds };
  return [insert(sessions, { id, token }, options), { kind: "put", row }];
}

/** A friendship, both of its sides, and the friend's name: three keys and more, two tables. */
function batch(chance: Chance, since: string, habits: Habits): ToWrite {
  const a = hot(chance, LISTS, habits);
  const b = (a + 1 + chance.int(LISTS - 1)) % LISTS;
  return {
    mutations: [
      insert(friendships, { user_id: a, friend_id: b, since }),
      insert(friendships, { user_id: b, friend_id: a, since }),
      insert(users, { id: b, name: since }),
    ],
    effects: [
      { kind: "put", row: `friendships/${a}/${b}` },
      { kind: "put", row: `friendships/${b}/${a}` },
      { kind: "put", row: `users/${b}` },
    ],
  };
}

function conditional(chance: Chance, name: string, habits: Habits): ToWrite {
  if (oneIn(chance, 3)) return only(befriendIf(chance, name, habits));
  const id = hot(chance, USERS, habits);
  const row = `users/${id}`;
  switch (chance.int(4)) {
    case 3:
      return only([remove(users, { id }, { ifExists: true }), { kind: "remove", row }]);
    case 2:
      return only([update(users, { id }, { name }, { if: { name: `w${chance.int(8)}` } }), { kind: "put", row }]);
    case 1:
      return only([update(users, { id }, { name }, { ifExists: true }), { kind: "put", row }]);
    default:
      return only([insert(users, { id, name }, { ifNotExists: true }), { kind: "put", row }]);
  }
}

function befriendIf(chance: Chance, since: string, habits: Habits): One {
  const user_id = hot(chance, LISTS, habits);
  const friend_id = hot(chance, FRIENDS, habits);
  const row = `friendships/${user_id}/${friend_id}`;
  const mutation = oneIn(chance, 2)
    ? update(friendships, { user_id, friend_id }, { since }, { ifExists: true })
    : insert(friendships, { user_id, friend_id, since }, { ifNotExists: true });
  return [mutation, { kind: "put", row }];
}

function wipe(chance: Chance): One {
  const of = oneIn(chance, 2) ? users : friendships;
  return [truncate(of), { kind: "truncate", table: of.name }];
}
