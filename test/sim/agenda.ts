/** What is to happen, by virtual time; at the same time, in the order it was put down. A binary heap. */
export class Agenda {
  readonly #heap: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  #orders = 0;
  #isUnsettled = false;
  nowMs = 0;
  events = 0;
  /** Every event and when it happened, in one number: two runs of one tape must agree. */
  hash = 0;

  after(delayMs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ at: this.nowMs + delayMs, order: this.#orders++, run });
    let i = heap.length - 1;
    while (i > 0 && this.#isBefore(i, (i - 1) >> 1)) {
      this.#swap(i, (i - 1) >> 1);
      i = (i - 1) >> 1;
    }
  }

  /** The event that runs now entered the engine: what it promised is to settle before the next event. */
  unsettle(): void {
    this.#isUnsettled = true;
  }

  mix(number: number): void {
    this.hash = (Math.imul(this.hash, 31) + number) | 0;
  }

  /** Lets everything happen up to this time, or until told to stop. */
  async runUntil(endMs: number, isOver: () => boolean): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= endMs; next = this.#heap[0]) {
      if (isOver()) return;
      this.#takeFirst();
      this.nowMs = next.at;
      this.events++;
      this.mix(next.at);
      next.run();
      if (this.#isUnsettled) await this.settle();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  /** One turn of the event loop: it comes after every microtask, and the engine waits for nothing but those and this agenda. */
  async settle(): Promise<void> {
    this.#isUnsettled = false;
    await new Promise((resolve) => setImmediate(resolve));
  }

  #takeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return;
    heap[0] = last;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && this.#isBefore(child + 1, child)) child++;
      if (!this.#isBefore(child, i)) return;
      this.#swap(i, child);
      i = child;
    }
  }

  #isBefore(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return;
    this.#heap[i] = b;
    this.#heap[j] = a;
  }
}
