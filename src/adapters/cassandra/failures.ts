import { errors, types } from "cassandra-driver";
import { StoreReadError, WriteRefusedError, WriteUnknownError } from "../../ports/store-errors.ts";
import { NearkeyError } from "../../spec/error.ts";
import { DeadlinePassed } from "./deadline.ts";

/** What is known of a write that failed, besides its error. */
export interface WriteAttempt {
  /** Names the write in messages. */
  readonly what: string;
  readonly isConditional: boolean;
  /** An attempt before the last one may have been applied. */
  readonly maybeWritten: boolean;
}

export function readFailure(what: string, error: unknown): StoreReadError {
  const remedy = isRefusal(error, false)
    ? "Compare the table with its declaration, and the client's rights"
    : "Try again";
  return new StoreReadError(`reading ${what} failed: ${reasonOf(error)}`, remedy, { cause: error });
}

/** Sorts the driver's errors: refused only where it is sure that nothing was written and nothing will be. */
export function writeFailure(attempt: WriteAttempt, error: unknown): WriteRefusedError | WriteUnknownError {
  const reason = reasonOf(error);
  if (!attempt.maybeWritten && isRefusal(error, attempt.isConditional)) {
    return new WriteRefusedError(
      `writing ${attempt.what} was refused: ${reason}`,
      "Nothing was written: correct it, or try again",
      {
        cause: error,
      },
    );
  }
  return new WriteUnknownError(
    `writing ${attempt.what} has no known outcome: ${reason}`,
    "It may be applied, now or later: read it again at a strong level before relying on either",
    { cause: error },
  );
}

/** A write that was given up while the client was still connecting. */
export function connectFailure(what: string, error: unknown): WriteRefusedError {
  return new WriteRefusedError(
    `writing ${what} was not begun: ${reasonOf(error)}`,
    "See whether Cassandra can be reached",
    {
      cause: error,
    },
  );
}

const { responseErrorCodes: code } = types;

/** What the server answers before it does anything. Overloaded is not here: a batch may be half way by then. */
const REFUSALS: ReadonlySet<number> = new Set([
  code.badCredentials,
  code.syntaxError,
  code.unauthorized,
  code.invalid,
  code.configError,
  code.alreadyExists,
]);

function isRefusal(error: unknown, isConditional: boolean): boolean {
  if (error instanceof errors.ResponseError) {
    // A conditional write finds too few replicas in any of its rounds: its proposal may be accepted by then.
    return REFUSALS.has(error.code) || (error.code === code.unavailableException && !isConditional);
  }
  // With our retry policy the driver runs out of hosts only before it has sent anything (`maybeWritten` covers the rest).
  if (error instanceof errors.NoHostAvailableError || error instanceof errors.AuthenticationError) return true;
  if (error instanceof errors.ArgumentError || error instanceof NearkeyError) return true;
  // Only encoding a parameter throws these, when the column's type is not the declared one. The answer to an unconditional
  // write holds nothing that could.
  return (error instanceof TypeError || error instanceof RangeError) && !isConditional;
}

const MAX_REASON = 200;

/** The driver puts whole stack traces into some messages: the first line, shortened. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.NoHostAvailableError) return reasonOfHosts(error.innerErrors);
  if (error instanceof DeadlinePassed) return error.message;
  const [line = ""] = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split("\n");
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}...` : line;
}

function reasonOfHosts(byHost: unknown): string {
  const hosts = Object.entries(Object(byHost)).slice(0, 3);
  if (hosts.length === 0) return "no host is available";
  return `no host is available (${hosts.map(([host, error]) => `${host}: ${reasonOf(error)}`).join(", ")})`;
}
