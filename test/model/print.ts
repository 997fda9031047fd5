/**
 * The fingerprint of a state: 64 bits, mixed from the numbers it is made of as murmur3 mixes words, in two lanes with constants of their
 * own. It is as good as the list of those numbers: two different lists share a print once in 2^64.
 */
export class Print {
  high = 0;
  low = 0;

  clear(): this {
    this.high = 0x2545f491;
    this.low = 0x1e3779b9;
    return this;
  }

  /** Mixes in a whole number of 32 bits. */
  add(n: number): this {
    this.high = mix(this.high, n, 0xcc9e2d51, 0x1b873593);
    this.low = mix(this.low, n, 0x85ebca6b, 0xc2b2ae35);
    return this;
  }

  flag(of: boolean): this {
    return this.add(of ? 1 : 0);
  }

  word(text: string): this {
    return this.add(wordNumber(text));
  }

  words(of: Iterable<string>): this {
    let count = 0;
    for (const text of of) {
      this.word(text);
      count++;
    }
    return this.add(count);
  }

  /** Mixes in another print: of a part of a state that many states share. */
  addLanes({ high, low }: Lanes): this {
    return this.add(high).add(low);
  }
}

export interface Lanes {
  readonly high: number;
  readonly low: number;
}

function mix(lane: number, n: number, first: number, second: number): number {
  let word = Math.imul(n, first);
  word = Math.imul((word << 15) | (word >>> 17), second);
  const mixed = lane ^ word;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0x6b64e654) | 0; // a small integer: nothing is allocated
}

const numbers = new Map<string, number>();

/** Words are few, and the same in every state: each has a number. */
function wordNumber(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size + 1);
  return numbers.size;
}
