import { SpecError } from "../spec/error.ts";

/** Refuses options that are not whole numbers above zero. Throws `SpecError`. */
export function assertWholeNumbers(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isInteger(value) || value < 1)
      throw new SpecError(`${name} is ${value}`, "Give a whole number above zero");
  }
}
