import { decodeIntroduction, type Introduction, IntroductionError } from "./introduction.ts";

/** Who answered a roll call. */
export interface RollCall {
  readonly present: readonly Introduction[];
  /** Answers that are no introductions. */
  readonly unreadable: {
    readonly count: number;
    /** Of the first few, what is wrong with each. */
    readonly reasons: readonly string[];
  };
  /** True where more answered than are taken in. */
  readonly cut: boolean;
}

/** The most answers that one roll call takes in. */
export const MAX_ANSWERS = 1_000;
const MAX_REASONS = 10;

/** The answers to one roll call, as they come in. */
export class Answers {
  readonly #present: Introduction[] = [];
  readonly #reasons: string[] = [];
  #unreadable = 0;
  #cut = false;

  /** Takes an answer in; false when it takes no more. */
  take(text: string): boolean {
    this.#cut = this.#present.length + this.#unreadable >= MAX_ANSWERS;
    if (this.#cut) return false;
    try {
      this.#present.push(decodeIntroduction(text));
    } catch (error) {
      if (!(error instanceof IntroductionError)) throw error;
      this.#unreadable++;
      if (this.#reasons.length < MAX_REASONS) this.#reasons.push(error.message);
    }
    return true;
  }

  get rollCall(): RollCall {
    const unreadable = { count: this.#unreadable, reasons: [...this.#reasons] };
    return { present: [...this.#present], unreadable, cut: this.#cut };
  }
}
