import { NearkeyError } from "../spec/error.ts";

/** The configuration cannot be used; the message lists everything that is wrong with it. */
export class ConfigError extends NearkeyError {
  readonly code = "E_CONFIG";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
    super(`The configuration has ${count}`, `Correct:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}
