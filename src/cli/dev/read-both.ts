import { friendships } from "../../../schema/social.ts";
import type { Store } from "../../ports/store.ts";
import type { DevServers } from "./servers.ts";

/** One person's friends as a frontend answered. */
export interface FriendsRead {
  readonly friends: readonly number[];
  readonly hit: boolean;
}

/** One person's friends, as both frontends answer; undefined where one could not. Tries again while a server is away. */
export async function readBoth(servers: DevServers, person: number): Promise<readonly (FriendsRead | undefined)[]> {
  return Promise.all(servers.frontendUrls.map((url) => friendsAt(`${url}/users/${person}/friends`)));
}

const TRIES = 60;
const PAUSE_MS = 500;

async function friendsAt(url: string): Promise<FriendsRead | undefined> {
  for (let i = 0; i < TRIES; i++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
      const body: unknown = await response.json();
      const hit = response.headers.get("cache-status")?.includes("; hit") ?? false;
      if (response.ok && Array.isArray(body))
        return { friends: body.map((row: { friend_id: number }) => row.friend_id), hit };
    } catch {
      // the server, or what is behind it, is away
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return undefined;
}

/** Compares both frontends' answers with the database; the number of those that differ. */
export async function compareWithDatabase(
  servers: DevServers,
  store: Store,
  person: number,
  say: (line: string) => void,
): Promise<number> {
  const plan = { kind: "rows", table: friendships, where: { user_id: person } } as const;
  const { rows } = await store.read(plan, { level: "strong", deadlineMs: 15_000 });
  const expected = rows.map((row) => row.friend_id).join();
  const answers = await readBoth(servers, person);
  const different = answers.flatMap((answer, i) => (answer?.friends.join() === expected ? [] : [i + 1]));
  for (const frontend of different) say(`DIFFERENT: users_${person}_friends on frontend ${frontend}`);
  return different.length;
}
