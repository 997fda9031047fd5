import type { Lanes } from "./print.ts";

/** The label of a step that leads to a state, and the number of the state it leads from. */
interface Origin {
  readonly from: number;
  readonly label: string;
}

const FIRST_CAPACITY = 1 << 12;

/**
 * The states seen so far: of each a fingerprint of 64 bits, and the step that led there first. Some 25 bytes a state, in typed arrays,
 * because a `Set` of numbers takes three times as much, and holds 2^24 of them at most.
 */
export class Seen {
  /** Open addressing: a pair of lanes per slot, both zero in a free one. At most half of the slots are taken. */
  #slots = new Int32Array(2 * FIRST_CAPACITY);
  #from = new Int32Array(FIRST_CAPACITY);
  #labels = new Uint16Array(FIRST_CAPACITY);
  readonly #words: string[] = [];
  readonly #wordNumbers = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of this state, from 0, if it is new. */
  add({ high, low }: Lanes, { from, label }: Origin): number | undefined {
    if (2 * this.#size >= this.#slots.length / 2) this.#grow();
    const slot = slotFor(this.#slots, high, low);
    if (slot === undefined) return undefined;
    put(this.#slots, slot, high, low);
    this.#from[this.#size] = from;
    this.#labels[this.#size] = this.#wordNumber(label);
    return this.#size++;
  }

  /** The labels of the steps that lead to this state. */
  scheduleTo(state: number): readonly string[] {
    const schedule: string[] = [];
    for (let at = state; at > 0; at = this.#from[at] ?? 0) schedule.push(this.#words[this.#labels[at] ?? 0] ?? "");
    return schedule.reverse();
  }

  #wordNumber(label: string): number {
    const known = this.#wordNumbers.get(label);
    if (known !== undefined) return known;
    if (this.#words.length === 0x10000) throw new Error("more labels than 16 bits can tell apart");
    this.#wordNumbers.set(label, this.#words.length);
    return this.#words.push(label) - 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 2) {
      const high = old[i] ?? 0;
      const low = old[i + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const slot = slotFor(this.#slots, high, low);
      if (slot !== undefined) put(this.#slots, slot, high, low);
    }
    const [from, labels] = [this.#from, this.#labels];
    this.#from = new Int32Array(2 * from.length);
    this.#from.set(from);
    this.#labels = new Uint16Array(2 * labels.length);
    this.#labels.set(labels);
  }
}

/** The free slot where this pair belongs; undefined if it is there already. */
function slotFor(slots: Int32Array, high: number, low: number): number | undefined {
  const mask = slots.length - 2;
  for (let i = (low << 1) & mask; ; i = (i + 2) & mask) {
    if (slots[i] === 0 && slots[i + 1] === 0) return i;
    if (slots[i] === (high | 0) && slots[i + 1] === (low | 0)) return undefined;
  }
}

function put(slots: Int32Array, slot: number, high: number, low: number): void {
  slots[slot] = high;
  slots[slot + 1] = low;
}
