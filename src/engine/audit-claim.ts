/** The share of wrong answers that a sample still leaves possible, with 95 % confidence: exact for a binomial, Clopper and Pearson 1934. */
export function highestShare(samples: number, wrong: number): number {
  if (samples === 0 || wrong >= samples) return 1;
  let [low, high] = [wrong / samples, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (chanceOfAtMost(wrong, samples, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance of seeing at most so many wrong ones among the samples, if each is wrong with this chance. */
function chanceOfAtMost(wrong: number, samples: number, chance: number): number {
  let term = samples * Math.log1p(-chance); // logarithms, for many samples make each term tiny
  let sum = Math.exp(term);
  for (let k = 1; k <= wrong; k++) {
    term += Math.log((samples - k + 1) / k) + Math.log(chance) - Math.log1p(-chance);
    sum += Math.exp(term);
  }
  return sum;
}

/**
 * What may be said of all answers after so many samples, in words.
 *
 * @example
 * claimOf(86_400, 0) // "no difference in 86400 samples: at least 4 nines at 95 %"
 */
export function claimOf(samples: number, wrong: number): string {
  if (samples === 0) return "no samples yet: nothing may be claimed";
  const found = wrong === 0 ? "no difference" : wrong === 1 ? "1 difference" : `${wrong} differences`;
  const share = highestShare(samples, wrong);
  const nines = Math.floor(-Math.log10(share));
  const most = `${Number((share * 100).toPrecision(2))} % may differ`;
  return `${found} in ${samples} samples: ${nines > 0 ? `at least ${nines} nines` : most} at 95 %`;
}
