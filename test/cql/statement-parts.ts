import type { Pick, StatementText } from "./statement-text.ts";

type Assign = (text: StatementText, pick: Pick) => void;

export const counterAssignments: Readonly<Record<string, Assign>> = {
  v: (text, pick) =>
    text
      .name("v")
      .raw("=")
      .name("v")
      .raw(pick(["+", "-"]))
      .marker("v", 1),
  w: (text, pick) =>
    text
      .name("w")
      .raw(pick(["+=", "-="]))
      .raw("2"),
};

export const assignments: Readonly<Record<string, Assign>> = {
  v: (text, pick) => printValue(text.name("v").raw("="), pick, "v", false),
  n: (text, pick) => printValue(text.name("n").raw("="), pick, "n", true),
  m: (text, pick) => {
    text.name("m");
    const make = pick<() => void>([
      () => text.raw("=").raw("{").raw("'a'").raw(":").raw("abs(-4)").raw("}"),
      () => text.raw("[").marker("key(m)", "k").raw("]").raw("=").marker("value(m)", 2),
      () => text.raw("=").name("m").raw("+").raw("{'where': 1, 'b' : 2}"),
      () => text.raw("= m - {'a', 'if'}"),
      () => text.raw("+=").marker("m", { z: 1 }),
    ]);
    make();
  },
  l: (text, pick) => {
    text.name("l");
    const make = pick<() => void>([
      () => text.raw("=").raw("[ 'x', 'y' ]").raw("+").name("l"),
      () => text.raw("= l +").marker("l", ["z"]),
      () => text.raw("=").marker("l", ["p", "q"]).raw("+ l"),
      () => text.raw("-= ['x']"),
    ]);
    make();
  },
  u: (text, pick) =>
    text
      .name("u")
      .raw("=")
      .raw(pick(["now()", "null", "minTimeuuid( '2020-01-01T00:00:00Z' )"])),
  s: (text, pick) => printValue(text.name("s").raw("="), pick, "s", false),
};

export function printCondition(text: StatementText, pick: Pick, isStatic: boolean): void {
  if (isStatic) text.words("IF").name("s").raw("=").marker("s", "w");
  else if (pick([true, false])) text.words("IF EXISTS");
  else text.words("IF").name("v").raw("!=").marker("v", "x").words("AND").name("n").words("IN").raw("(1, null)");
}

export function printUsing(text: StatementText, pick: Pick, isConditional: boolean): void {
  const ttl = () => (pick([true, false]) ? text.words("TTL").marker("[ttl]", 90_000) : text.words("TTL").raw("80000"));
  const timestamp = () => text.words("TIMESTAMP").raw(timestampNow());
  const options = pick([
    [],
    [],
    [],
    [ttl],
    ...(isConditional ? [] : [[timestamp], [ttl, timestamp], [timestamp, ttl]]),
  ]);
  for (const [i, option] of options.entries()) {
    text.words(i === 0 ? "USING" : "AND");
    option();
  }
}

/** As the driver's own, so that such a write is seen. */
export const timestampNow = (): string => String(Date.now() * 1000);

const TEXTS = ["'a'", "'it''s -- ? :x $$'", "$$ it's ? ;$$", "'/* where */'", "null", "(text) 'cast'"];
const NUMBERS = ["1", "-2", "null", "(int) 3"];

export function printValue(text: StatementText, pick: Pick, column: string, isNumber: boolean): void {
  if (pick([true, false])) text.marker(column, isNumber ? pick([1, 2, 3]) : pick(["w", "x", "y"]));
  else text.raw(pick(isNumber ? NUMBERS : TEXTS));
}

export function shuffled<T>(pick: Pick, items: readonly T[]): readonly T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(pick([...left.keys()]), 1));
}
