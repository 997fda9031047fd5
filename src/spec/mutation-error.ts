import { NearkeyError } from "./error.ts";

/** A write that cannot be done as asked; nothing was written. */
export class MutationError extends NearkeyError {
  readonly code = "E_MUTATION";
}
