/** Who lives in the town that clients read and write. Everybody in a circle is written by that circle's one writer. */
export interface Town {
  readonly circles: readonly Circle[];
}

export interface Circle {
  readonly people: readonly Person[];
  /** Who may become friends. */
  readonly pairs: readonly (readonly [Person, Person])[];
  /** How many of a hundred pairs are friends, on average. */
  readonly friendsOf100: number;
}

export interface Person {
  readonly id: number;
  /** Who may be a friend, by number. */
  readonly others: readonly Person[];
  /** The key of a lookup row, written only by conditional writes. */
  readonly email: string;
  /** A post that others like. */
  readonly likedPost: string;
  readonly posts: readonly PostPlace[];
}

/** Where in an author's partition a post may be. */
export interface PostPlace {
  readonly at: string;
  readonly id: string;
}

const SMALL_CIRCLES = 5;
const SMALL_CIRCLE = 5;
/** Whoever is in its middle has more friends than the fifty of a bounded list. */
const STAR = 66;
const POSTS = 3;

export function foundTown(): Town {
  const small = Array.from({ length: SMALL_CIRCLES }, (_, i) => circle(100 * (i + 1), SMALL_CIRCLE, "everybody", 60));
  return { circles: [...small, circle(100 * (SMALL_CIRCLES + 1), STAR, "with the first", 85)] };
}

function circle(from: number, size: number, friends: "everybody" | "with the first", friendsOf100: number): Circle {
  const people = Array.from({ length: size }, (_, i) => person(from + i));
  const pairs: [ResidentPerson, ResidentPerson][] = [];
  for (const [i, a] of people.entries()) {
    for (const b of people.slice(i + 1)) if (friends === "everybody" || i === 0) pairs.push([a, b]);
  }
  for (const [a, b] of pairs) {
    a.others.push(b);
    b.others.push(a);
  }
  return { people, pairs, friendsOf100 };
}

interface ResidentPerson extends Person {
  readonly others: ResidentPerson[];
}

function person(id: number): ResidentPerson {
  const posts = Array.from({ length: POSTS }, (_, i) => ({
    at: new Date(DAY + i * 1000).toISOString(),
    id: uuid(id, i),
  }));
  return { id, others: [], email: `p${id}@town.example`, likedPost: uuid(id, POSTS), posts };
}

const DAY = Date.UTC(2026, 0, 1);

const uuid = (person: number, n: number): string =>
  `00000000-0000-4000-8000-${String(person).padStart(8, "0")}${String(n).padStart(4, "0")}`;
