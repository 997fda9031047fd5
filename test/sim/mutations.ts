import { insert, type Mutation, remove, removePartition, removeRange, truncate, update } from "../../src/index.ts";
import { type Chance, oneIn, pick } from "./chance.ts";
import type { Effect } from "./history.ts";
import { FRIENDS, friendships, LISTS, SESSIONS, sessions, USERS, users } from "./keys.ts";

/** Something to write, and what it does in the history's words. */
export interface ToWrite {
  readonly mutations: readonly Mutation[];
  readonly effects: readonly Effect[];
}

type One = readonly [Mutation, Effect];

/** A number below `n`, half of the time 0: what is done meets there. */
export const hot = (chance: Chance, n: number): number => Math.max(0, chance.int(2 * n) - n);

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
export function someWrite(chance: Chance, n: number, mayTruncate: boolean): ToWrite {
  const kind = chance.int(16);
  if (kind === 15 && mayTruncate) return only(wipe(chance));
  if (kind === 14) return batch(chance, n);
  if (kind >= 12) return conditional(chance, n);
  if (kind >= 10) return only(login(chance, n));
  if (kind >= 5) return only(befriend(chance, n));
  return only(rename(chance, n));
}

const only = ([mutation, effect]: One): ToWrite => ({ mutations: [mutation], effects: [effect] });

function rename(chance: Chance, n: number): One {
  const id = hot(chance, USERS);
  const row = `users/${id}`;
  const kind = chance.int(8);
  if (kind === 7) return [removePartition(users, { id }), { kind: "remove partition", partition: row }];
  if (kind === 6) return [remove(users, { id }), { kind: "remove", row }];
  const mutation = kind % 2 === 0 ? insert(users, { id, name: `w${n}` }) : update(users, { id }, { name: `w${n}` });
  return [mutation, { kind: "put", row }];
}

function befriend(chance: Chance, n: number): One {
  const user_id = hot(chance, LISTS);
  const friend_id = hot(chance, FRIENDS);
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
      return [insert(friendships, { user_id, friend_id, since: `w${n}` }), { kind: "put", row }];
  }
}

function login(chance: Chance, n: number): One {
  const id = hot(chance, SESSIONS);
  const row = `sessions/${id}`;
  const ttlSeconds = pick(chance, [1, 2]);
  const options = oneIn(chance, 4) ? {} : { ttlSeconds };
  return [insert(sessions, { id, token: `w${n}` }, options), { kind: "put", row }];
}

/** A friendship, both of its sides, and the friend's name: three keys and more, two tables. */
function batch(chance: Chance, n: number): ToWrite {
  const a = hot(chance, LISTS);
  const b = (a + 1 + chance.int(LISTS - 1)) % LISTS;
  const since = `w${n}`;
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

function conditional(chance: Chance, n: number): ToWrite {
  const name = `w${n}`;
  if (oneIn(chance, 3)) return only(befriendIf(chance, name));
  const id = hot(chance, USERS);
  const row = `users/${id}`;
  switch (chance.int(4)) {
    case 3:
      return only([remove(users, { id }, { ifExists: true }), { kind: "remove", row }]);
    case 2:
      return only([update(users, { id }, { name }, { if: { name: `w${chance.int(n + 1)}` } }), { kind: "put", row }]);
    case 1:
      return only([update(users, { id }, { name }, { ifExists: true }), { kind: "put", row }]);
    default:
      return only([insert(users, { id, name }, { ifNotExists: true }), { kind: "put", row }]);
  }
}

function befriendIf(chance: Chance, since: string): One {
  const user_id = hot(chance, LISTS);
  const friend_id = hot(chance, FRIENDS);
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
