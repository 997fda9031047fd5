import type { Segment } from "../spec/template.ts";

/** What a path may mean: what is served there, and the texts of its parameters in path order. */
export interface PathMatch<T> {
  readonly found: T;
  readonly texts: readonly (string | undefined)[];
}

interface Branch<T> {
  readonly words: Map<string, Branch<T>>;
  param: Branch<T> | undefined;
  found: T | undefined;
}

/**
 * Finds what is served under a path in time that does not grow with the number of keys, which a list of route patterns would not. A word
 * goes before a parameter: `/users/count` is the key of that path, and not user `count`.
 */
export interface PathTree<T> {
  /** What is at this place, made with `make` if there is nothing yet. */
  at(path: readonly Segment[], make: () => T): T;
  /** Everything that this path may mean, the most literal first. */
  find(segments: readonly (string | undefined)[]): readonly PathMatch<T>[];
}

export function pathTree<T>(): PathTree<T> {
  const root = branch<T>();
  return {
    at(path, make) {
      let place = root;
      for (const segment of path) place = grow(place, segment);
      place.found ??= make();
      return place.found;
    },
    find(segments) {
      const matches: PathMatch<T>[] = [];
      collect(root, segments, 0, [], matches);
      return matches;
    },
  };
}

const branch = <T>(): Branch<T> => ({ words: new Map(), param: undefined, found: undefined });

function grow<T>(from: Branch<T>, segment: Segment): Branch<T> {
  if (segment.kind === "param") {
    from.param ??= branch();
    return from.param;
  }
  const next = from.words.get(segment.text) ?? branch<T>();
  from.words.set(segment.text, next);
  return next;
}

function collect<T>(
  from: Branch<T>,
  segments: readonly (string | undefined)[],
  at: number,
  texts: readonly (string | undefined)[],
  matches: PathMatch<T>[],
): void {
  if (at === segments.length) {
    if (from.found !== undefined) matches.push({ found: from.found, texts });
    return;
  }
  const text = segments[at];
  const word = text === undefined ? undefined : from.words.get(text);
  if (word !== undefined) collect(word, segments, at + 1, texts, matches);
  if (from.param !== undefined) collect(from.param, segments, at + 1, [...texts, text], matches);
}
