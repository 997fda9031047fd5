import { SpecError } from "../spec/error.ts";

/** Refuses options that are not whole numbers of at least this. Throws `SpecError`. */
export function assertWholeNumbers(options: Readonly<Record<string, number>>, least: 0 | 1 = 1): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isInteger(value) || value < least)
      throw new SpecError(`${name} is ${value}`, `Give a whole number ${least === 1 ? "above" : "from"} zero`);
  }
}
