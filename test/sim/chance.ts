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

/** A shorter and duller tape that still fails: blocks are cut out or made dull, then single choices lowered. Bounded by `maxTries`. */
export function shrink(
  tape: readonly number[],
  fails: (tape: readonly number[]) => boolean,
  maxTries = 3_000,
): readonly number[] {
  let best = tape;
  let tries = 0;
  const accept = (candidate: readonly number[]): boolean => {
    if (tries >= maxTries || !fails(candidate)) {
      tries++;
      return false;
    }
    tries++;
    best = candidate;
    return true;
  };
  for (let size = tape.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < best.length; ) {
      const rest = best.slice(from + size);
      const isCut = accept([...best.slice(0, from), ...rest]);
      const block = best.slice(from, from + size);
      const isDull = block.every((choice) => choice === 0);
      if (!isCut && !isDull) accept([...best.slice(0, from), ...block.map(() => 0), ...best.slice(from + size)]);
      if (!isCut) from += size;
    }
  }
  return best;
}
