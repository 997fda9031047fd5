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

/** How many samples came out how. Those that were overtaken or not read say nothing of the cache, and are no samples. */
export interface Samples {
  readonly agreed: number;
  readonly wrong: number;
  /** Counted as if they were wrong. */
  readonly undecided: number;
}

/**
 * What may be said of all hits on rows, lists and counts after so many samples, in words.
 *
 * @example
 * claimOf({ agreed: 86_400, wrong: 0, undecided: 0 }) // "no difference in 86400 samples: at least 4 nines at 95 %"
 */
export function claimOf({ agreed, wrong, undecided }: Samples): string {
  const samples = agreed + wrong + undecided;
  if (samples === 0) return "no samples yet: nothing may be claimed";
  const found = wrong === 0 ? "no difference" : wrong === 1 ? "1 difference" : `${wrong} differences`;
  const share = highestShare(samples, wrong + undecided);
  const nines = Math.floor(-Math.log10(share));
  const most = `${roundedUp(share * 100)} % may differ`;
  const open = undecided > 0 ? ` (${undecided} undecided)` : "";
  return `${found} in ${samples} samples${open}: ${nines > 0 ? `at least ${nines} nines` : most} at 95 %`;
}

/** To two digits: it is a bound, and must not be understated. */
function roundedUp(percent: number): number {
  const unit = 10 ** (Math.floor(Math.log10(percent)) - 1);
  return Number((Math.ceil(percent / unit - 1e-9) * unit).toPrecision(3));
}
