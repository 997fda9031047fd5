/** Where a simulation gets its choices from. 0 always means the dullest one, so that a shrunk tape shows what matters. */
export interface Chance {
  /** A whole number from 0 up to, not including, `n`. */
  int(n: number): number;
}

/**
 * Choices in tracks: each client's request, each fault, each link and each write has one of its own. So a request that is taken out, its
 * track dull, leaves the choices of the others as they were.
 */
export interface Tracks {
  /** Goes on where it was left. */
  of(name: string): Chance;
}

/** What was chosen, by track. */
export type Tape = ReadonlyMap<string, readonly number[]>;

/** The same choices for the same seed. */
export function seeded(seed: number): Tracks {
  return tracksOf((name) => sfc32(seed, hashOf(name)));
}

/** Writes down every choice, so that the run can be played again and shrunk. */
export function recorded(tracks: Tracks, tape: Map<string, number[]>): Tracks {
  return tracksOf((name) => {
    const chance = tracks.of(name);
    const track: number[] = [];
    tape.set(name, track);
    return {
      int: (n) => {
        const choice = chance.int(n);
        track.push(choice);
        return choice;
      },
    };
  });
}

/** Plays a tape; where it has nothing, every choice is the dullest. */
export function played(tape: Tape): Tracks {
  return tracksOf((name) => {
    const track = tape.get(name) ?? [];
    let at = 0;
    return { int: (n) => (track[at++] ?? 0) % n };
  });
}

function tracksOf(begin: (name: string) => Chance): Tracks {
  const begun = new Map<string, Chance>();
  return {
    of: (name) => {
      const known = begun.get(name);
      if (known !== undefined) return known;
      const chance = begin(name);
      begun.set(name, chance);
      return chance;
    },
  };
}

function sfc32(seed: number, stream: number): Chance {
  let [a, b, c, d] = [0x9e3779b9 | 0, stream | 0, seed | 0, 1];
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

/** FNV-1a. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

/** One in `n`. The dull choice is no. */
export const oneIn = (chance: Chance, n: number): boolean => chance.int(n) === n - 1;

/** One of these; the dull choice is the first. Throws where there are none. */
export function pick<T>(chance: Chance, of: readonly T[]): T {
  const found = of[chance.int(of.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
}

/** Mostly short; sometimes anything up to the longest, and as often the longest itself, so that ends coincide. */
export function delay(chance: Chance, longestMs: number): number {
  const kind = chance.int(6);
  if (kind === 5) return longestMs;
  return 1 + chance.int(kind === 4 ? longestMs : Math.min(5, longestMs));
}
