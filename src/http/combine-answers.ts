import { createHash } from "node:crypto";
import type { Answer, Source } from "../engine/near-cache.ts";

/** How far from memory a value came. The furthest is what an answer made of several says of itself: nothing is glossed over. */
const DISTANCE: Readonly<Record<Source, number>> = {
  ...{ hit: 0, refresh: 1, joined: 2, miss: 3, behind: 4, bypass: 5, unproven: 6 },
};

/** Joins the answers to many keys into one: a JSON array in their order, as old as its oldest part. */
export function combineAnswers(answers: readonly Answer[]): Answer {
  const [first, ...others] = answers;
  if (first === undefined) throw new TypeError("no answers to combine");
  const furthest = others.reduce((a, b) => (rank(b) > rank(a) ? b : a), first);
  return {
    ...furthest,
    value: answers.map((answer) => answer.value ?? null),
    json: `[${answers.map((answer) => answer.json).join(",")}]`,
    etag: etagOver(answers),
    partial: false,
    expiresAtMs: Math.min(...answers.map((answer) => answer.expiresAtMs)),
    ageMs: Math.max(...answers.map((answer) => answer.ageMs)),
    position: leastPosition(answers),
    coherent: answers.every((answer) => answer.coherent),
  };
}

/** What was not kept is further than what was. */
const rank = (answer: Answer): number => DISTANCE[answer.source] + (answer.stored ? 0 : 0.5);

/** Equal tags mean equal texts, so the tags of the parts tell the whole apart as well as its text would, and are shorter. */
function etagOver(answers: readonly Answer[]): string {
  const hash = createHash("sha1");
  for (const answer of answers) hash.update(answer.etag);
  return `"${hash.digest("base64url")}"`;
}

/** What every part is known to reflect. If the log was made anew in between, a position of its earlier life: who asks for that is read to. */
function leastPosition(answers: readonly Answer[]): Answer["position"] {
  const positions = answers.flatMap(({ position }) => position ?? []);
  if (positions.length < answers.length) return undefined;
  return positions.reduce((a, b) => (a.epoch === b.epoch && b.sequence < a.sequence ? b : a));
}
