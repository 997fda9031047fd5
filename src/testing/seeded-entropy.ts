import type { Entropy } from "../ports/entropy.ts";

/** Chance that is the same every time for the same seed: sfc32. */
export function createSeededEntropy(seed: number): Entropy {
  let [a, b, c, d] = [0x9e3779b9 | 0, 0x243f6a88 | 0, seed | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  let ids = 0;
  return {
    id: () => `${seed.toString(36)}-${(ids++).toString(36)}-${next().toString(36)}`,
    fraction: () => next() / 2 ** 32,
  };
}
