import { NearkeyError } from "../spec/error.ts";

/** Too many loads or writes are under way; nothing was done. */
export class OverloadedError extends NearkeyError {
  readonly code = "E_OVERLOADED";
}

/** The list has more rows than the key's `maxRows`. */
export class ListTooLongError extends NearkeyError {
  readonly code = "E_LIST_TOO_LONG";
}

/** The fence could not be published, so the write was not begun. */
export class FenceFailedError extends NearkeyError {
  readonly code = "E_FENCE_FAILED";
}

/** The write is done, but the log has not acknowledged its keys: caches may hold the old value until it does. The writer goes on trying. */
export class NotAnnouncedError extends NearkeyError {
  readonly code = "E_NOT_ANNOUNCED";
  /** False if a condition did not hold: then nothing was changed. */
  readonly applied: boolean;
  readonly timestampMicros: number;

  constructor(applied: boolean, timestampMicros: number, options?: ErrorOptions) {
    super(
      applied
        ? "written, but the log has not acknowledged its keys"
        : "not applied, and the log has not acknowledged its keys",
      "Do not write it again: the writer goes on announcing, and caches drop the old value when the fence ends",
      options,
    );
    this.applied = applied;
    this.timestampMicros = timestampMicros;
  }
}

/** The cache or writer was closed. */
export class ClosedError extends NearkeyError {
  readonly code = "E_CLOSED";
}

/** The key was not given to `defineKeys`: no write would announce it, so nothing read through it may be kept. */
export class UndeclaredKeyError extends NearkeyError {
  readonly code = "E_UNDECLARED_KEY";
}

/** What nearkey rests on, and what can be set up so that it does not hold. */
export type Assumption = "levels-overlap" | "log-retention" | "clock-skew";

/** One assumption that does not hold, and what to change. */
export interface BrokenAssumption {
  readonly assumption: Assumption;
  /** What was found, and what was expected. */
  readonly words: string;
  readonly remedy: string;
}

/** The deployment is set up so that the promise could not be kept. Found at the start; nothing is read or written then. */
export class AssumptionError extends NearkeyError {
  readonly code = "E_ASSUMPTION";
  /** All that was found, not only the first. */
  readonly broken: readonly BrokenAssumption[];

  constructor(broken: readonly BrokenAssumption[]) {
    super(broken.map(({ words }) => words).join("; "), broken.map(({ remedy }) => remedy).join(". "));
    this.broken = broken;
  }
}

/** What nearkey rests on could not be checked yet, because the database or the log does not answer; nothing was written. */
export class NotCheckedError extends NearkeyError {
  readonly code = "E_NOT_CHECKED";
}
