import { type Client, types } from "cassandra-driver";
import type { Chance } from "../../sim/chance.ts";
import type { Value } from "../judge/history.ts";
import { authorNameOf, emailOf, friendOf, likesOf, nameOf, ownerOf, postOf, version } from "./registers.ts";
import type { Person, Town } from "./town.ts";

/** The numbers below this one are for what is in the tables before anybody writes. */
export const FIRST_NUMBER = 1_000;

const EVERY_REPLICA = types.consistencies.all;

/** Fills the tables, past nearkey and before it runs; what the registers hold then. */
export async function settle(
  client: Client,
  keyspace: string,
  town: Town,
  chance: Chance,
): Promise<ReadonlyMap<string, Value>> {
  const held = new Map<string, Value>();
  const put = async (cql: string, params: readonly unknown[], registers: readonly string[], value: Value) => {
    for (const register of registers) held.set(register, value);
    await client.execute(cql, [...params], { prepare: true, consistency: EVERY_REPLICA });
  };
  const move = async (person: Person, n: number): Promise<void> => {
    const cql = `INSERT INTO ${keyspace}.users (id, name, email) VALUES (?, ?, ?)`;
    const value = version(n);
    await put(cql, [person.id, value, value], [nameOf(person), emailOf(person)], value);
  };
  const befriend = async (a: Person, b: Person, n: number): Promise<void> => {
    const cql = `INSERT INTO ${keyspace}.friendships (user_id, friend_id, since) VALUES (?, ?, ?)`;
    await put(cql, [a.id, b.id, new Date(n)], [friendOf(a, b)], version(n));
    await put(cql, [b.id, a.id, new Date(n)], [friendOf(b, a)], version(n));
  };
  let n = 1;
  for (const { people, pairs, friendsOf100 } of town.circles) {
    for (const person of people) await move(person, n++);
    for (const [a, b] of pairs) if (chance.int(100) < friendsOf100) await befriend(a, b, n++);
  }
  if (n > FIRST_NUMBER) throw new Error(`${n} rows are too many to start with`);
  return held;
}

/** What the registers hold in the database. */
export interface Census {
  readonly values: ReadonlyMap<string, Value>;
  readonly totals: ReadonlyMap<string, number>;
}

/** Reads all tables whole; at the default level as all replicas together say. */
export async function takeCensus(
  client: Client,
  keyspace: string,
  town: Town,
  consistency = EVERY_REPLICA,
): Promise<Census> {
  const options = { consistency, prepare: true, fetchSize: 100_000 };
  const rowsOf = async (table: string): Promise<readonly types.Row[]> =>
    (await client.execute(`SELECT * FROM ${keyspace}.${table}`, [], options)).rows;
  const [users, owners, friendships, likes, posts] = await Promise.all(TABLES.map(rowsOf));
  const values = new Map<string, Value>();
  const totals = totalsOf(town, likes ?? []);
  const people = town.circles.flatMap((circle) => circle.people);
  for (const person of people) {
    const user = users?.find((row) => row.id === person.id);
    values.set(nameOf(person), user?.name ?? null);
    values.set(emailOf(person), user?.email ?? null);
    const owner = owners?.find((row) => row.email === person.email);
    values.set(ownerOf(person), owner === undefined ? null : version(owner.user_id));
    const own = posts?.filter((row) => row.author_id === person.id);
    values.set(authorNameOf(person), own?.[0]?.author_name ?? null);
    for (const post of person.posts) {
      values.set(postOf(person, post), own?.find((row) => String(row.id) === post.id)?.body ?? null);
    }
    const friends = friendships?.filter((row) => row.user_id === person.id);
    for (const other of person.others) {
      const friendship = friends?.find((row) => row.friend_id === other.id);
      values.set(friendOf(person, other), friendship === undefined ? null : version(friendship.since.getTime()));
    }
  }
  return { values, totals };
}

/** Reads the counters only, at every replica: nothing else is repaired by that. */
export async function countLikes(client: Client, keyspace: string, town: Town): Promise<Census["totals"]> {
  const options = { consistency: EVERY_REPLICA, prepare: true, fetchSize: 100_000 };
  return totalsOf(town, (await client.execute(`SELECT * FROM ${keyspace}.post_likes`, [], options)).rows);
}

function totalsOf({ circles }: Town, rows: readonly types.Row[]): Census["totals"] {
  const likes = new Map(rows.map((row) => [String(row.post_id), Number(row.likes)]));
  const people = circles.flatMap((circle) => circle.people);
  return new Map(people.map((person) => [likesOf(person), likes.get(person.likedPost) ?? 0]));
}

const TABLES = ["users", "users_by_email", "friendships", "post_likes", "posts"] as const;
