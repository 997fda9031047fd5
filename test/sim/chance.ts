/** Where a simulation gets its choices from. 0 always means the dullest one, so that a shrunk tape shows what matters. */
export interface Chance {
  /** A whole number from 0 up to, not including, `n`. */
  int(n: number): number;
}

/** The same choices for the same seed: sfc32. */
export function seeded(seed: number): Chance {
  let [a, b, c, d] = [0x9e3779b9 | 0, 0x243f6a88 | 0, seed | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return { int: (n) => next() % n };
}

/** Writes down every choice, so that the run can be played again and shrunk. */
export function recorded(chance: Chance, tape: number[]): Chance {
  return {
    int: (n) => {
      const choice = chance.int(n);
      tape.push(choice);
      return choice;
    },
  };
}

/** Plays a tape; after its end every choice is the dullest. */
export function played(tape: readonly number[]): Chance {
  let at = 0;
  return { int: (n) => (tape[at++] ?? 0) % n };
}

/** One in `n`. The dull choice is no. */
export const oneIn = (chance: Chance, n: number): boolean => chance.int(n) === n - 1;

/** One of these; the dull choice is the first. */
export function pick<T>(chance: Chance, of: readonly [T, ...T[]]): T {
  return of[chance.int(of.length)] ?? of[0];
}

/** Mostly short; sometimes anything up to the longest, and as often the longest itself, so that ends coincide. */
export function delay(chance: Chance, longestMs: number): number {
  const kind = chance.int(6);
  if (kind === 5) return longestMs;
  return 1 + chance.int(kind === 4 ? longestMs : Math.min(5, longestMs));
}
