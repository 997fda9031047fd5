/** Thrown inside this folder where a text or a value is not fully understood; it leaves as a `Refusal`. */
export class Unclear extends Error {
  /** Where in the text, counted in UTF-16 units from 0. */
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.name = "Unclear";
    this.at = at;
  }
}
