import type { NamedKey } from "./catalog.ts";
import { type Pattern, sharedWords } from "./collision.ts";
import { SpecError } from "./error.ts";
import { parsePath } from "./http-path.ts";

/** Refuses two keys that could ever give the same text, naming both and such a text. */
export function checkKeysApart(named: readonly NamedKey[]): void {
  for (const { a, b, words } of meetings(named, ({ key }) => ({
    segments: key.template.segments,
    params: key.params,
  }))) {
    throw new SpecError(
      `keys ${a.name} (${a.key.template.source}) and ${b.name} (${b.key.template.source}) would both give ${words.join("_")}`,
      "Change one template so that no row of one can be taken for the other",
    );
  }
}

/** Refuses two keys that could ever be served under the same path, naming both and such a path. */
export function checkPathsApart(named: readonly NamedKey[]): void {
  const pathOf = ({ key }: NamedKey): Pattern => ({
    segments: parsePath(key.template, key.httpPath),
    params: key.params,
  });
  for (const { a, b, words } of meetings(named, pathOf)) {
    throw new SpecError(
      `keys ${a.name} (${a.key.httpPath}) and ${b.name} (${b.key.httpPath}) would both be served under /${words.join("/")}`,
      "Give one of them another .path()",
    );
  }
}

interface Meeting {
  readonly a: NamedKey;
  readonly b: NamedKey;
  readonly words: readonly string[];
}

function* meetings(named: readonly NamedKey[], patternOf: (of: NamedKey) => Pattern): Generator<Meeting> {
  const all = named.map((of) => ({ of, pattern: patternOf(of) }));
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(i + 1)) {
      const words = sharedWords(a.pattern, b.pattern);
      if (words !== undefined) yield { a: a.of, b: b.of, words };
    }
  }
}
