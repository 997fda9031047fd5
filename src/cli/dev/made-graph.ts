import { createSeededEntropy } from "../../testing/index.ts";
import type { Graph } from "./edge-list.ts";

const PEOPLE = 1_000;
const FRIENDS_EACH = 8;

/** A small social graph, the same every time: newcomers befriend those who have many friends already, so that some are hubs, as in life. */
export function makeGraph(): Graph {
  const chance = createSeededEntropy(42);
  const ends: number[] = [1];
  const known = new Set<string>();
  const friendships: (readonly [number, number])[] = [];
  for (let person = 2; person <= PEOPLE; person++) {
    for (let i = 0; i < Math.min(FRIENDS_EACH, person - 1); i++) {
      const friend = ends[Math.floor(chance.fraction() * ends.length)] ?? 1;
      if (friend === person || known.has(`${friend},${person}`)) continue;
      known.add(`${friend},${person}`);
      friendships.push([friend, person]);
      ends.push(friend, person);
    }
  }
  return { people: Array.from({ length: PEOPLE }, (_, i) => i + 1), friendships };
}

const FIRST = [
  "Ada",
  "Ben",
  "Cleo",
  "Dan",
  "Eva",
  "Finn",
  "Gita",
  "Hugo",
  "Ines",
  "Jon",
  "Kim",
  "Lena",
  "Milo",
  "Nora",
  "Omar",
  "Pia",
];
const LAST = [
  "Abel",
  "Brandt",
  "Costa",
  "Duarte",
  "Eriksen",
  "Fischer",
  "Garcia",
  "Haas",
  "Ito",
  "Jansen",
  "Klein",
  "Lund",
  "Moreau",
];

/** A name for a person, the same every time. */
export function nameOf(person: number): string {
  return `${FIRST[person % FIRST.length]} ${LAST[Math.floor(person / FIRST.length) % LAST.length]}`;
}
