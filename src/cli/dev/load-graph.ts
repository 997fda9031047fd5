import { friendships, users } from "../../../schema/social.ts";
import type { Writer } from "../../engine/writer.ts";
import { insert, type Mutation } from "../../index.ts";
import type { Graph } from "./edge-list.ts";
import { nameOf } from "./made-graph.ts";
import { showProgress } from "./progress.ts";

/** How many writes are under way at once. */
const WRITERS = 16;
const BATCH = 100;

/** Writes people and friendships through the writer, as any application would: a batch is the rows of one person. */
export async function loadGraph(graph: Graph, writer: Writer): Promise<void> {
  const batches = batchesOf(graph);
  const progress = showProgress("loading people and friendships", batches.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      await writer.write(batch);
      progress.step(1);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
  progress.end();
}

function batchesOf({ people, friendships: pairs }: Graph): readonly (readonly Mutation[])[] {
  const friendsOf = new Map<number, number[]>(people.map((person) => [person, []]));
  for (const [a, b] of pairs) {
    friendsOf.get(a)?.push(b);
    friendsOf.get(b)?.push(a);
  }
  const since = "2026-01-01T00:00:00.000Z";
  return [...friendsOf].flatMap(([person, friends]) => {
    const user = insert(users, {
      id: person,
      name: nameOf(person),
      email: `person${person}@example.org`,
      joined: since,
    });
    const rows = friends.map((friend) => insert(friendships, { user_id: person, friend_id: friend, since }));
    return [[user], ...chunks(rows)];
  });
}

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) => items.slice(i * BATCH, (i + 1) * BATCH));
}
