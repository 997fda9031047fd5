import type { Tape } from "./chance.ts";

type Fails = (tape: Tape) => Promise<boolean>;

/** A duller tape that still fails: first without whole tracks, ever fewer at once; then with parts of tracks dull. At most `maxTries`. */
export async function shrink(tape: Tape, fails: Fails, maxTries: number): Promise<Tape> {
  let best = tape;
  let tries = 0;
  const accept = async (candidate: Tape): Promise<boolean> => {
    if (tries++ >= maxTries || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before = -1; before !== best.size && tries < maxTries; ) {
    before = best.size;
    await withoutTracks(() => best, accept);
  }
  for (const name of tape.keys()) await withDullParts(() => best, name, accept);
  return best;
}

type Accept = (candidate: Tape) => Promise<boolean>;

async function withoutTracks(best: () => Tape, accept: Accept): Promise<void> {
  for (let size = best().size >> 1; size >= 1; size >>= 1) {
    const names = [...best().keys()];
    for (let from = 0; from < names.length; from += size) {
      const block = new Set(names.slice(from, from + size));
      await accept(new Map([...best()].filter(([name]) => !block.has(name))));
    }
  }
}

async function withDullParts(best: () => Tape, name: string, accept: Accept): Promise<void> {
  const length = best().get(name)?.length ?? 0;
  for (let size = length; size >= 1; size >>= 1) {
    for (let from = 0; from < length; from += size) {
      const track = best().get(name) ?? [];
      if (track.slice(from, from + size).every((choice) => choice === 0)) continue;
      const dull = track.map((choice, i) => (i >= from && i < from + size ? 0 : choice));
      await accept(new Map([...best(), [name, dull]]));
    }
  }
}
