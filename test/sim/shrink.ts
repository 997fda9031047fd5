/** A shorter and duller tape that still fails: blocks are cut out or made dull, ever smaller ones. Bounded by `maxTries`. */
export async function shrink(
  tape: readonly number[],
  fails: (tape: readonly number[]) => Promise<boolean>,
  maxTries: number,
): Promise<readonly number[]> {
  let best = tape;
  let tries = 0;
  const accept = async (candidate: readonly number[]): Promise<boolean> => {
    if (tries++ >= maxTries || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = tape.length >> 1; size >= 1 && tries < maxTries; size >>= 1) {
    for (let from = 0; from < best.length && tries < maxTries; ) {
      const [before, block, after] = [best.slice(0, from), best.slice(from, from + size), best.slice(from + size)];
      if (await accept([...before, ...after])) continue;
      const isDull = block.every((choice) => choice === 0);
      if (!isDull) await accept([...before, ...block.map(() => 0), ...after]);
      from += size;
    }
  }
  return best;
}
