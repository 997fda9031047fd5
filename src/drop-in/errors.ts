import { NearkeyError } from "../spec/error.ts";

/** It cannot be told what a statement writes, so that nobody could be told of it; nothing was written. */
export class UnclearStatementError extends NearkeyError {
  readonly code = "E_UNCLEAR_STATEMENT";
}

/** A statement asks for a level at which strong reads may miss what it writes; nothing was written. */
export class WriteLevelError extends NearkeyError {
  readonly code = "E_WRITE_LEVEL";
}
