import { NearkeyError } from "../spec/error.ts";
import { HttpProblem, type ProblemKind } from "./problem.ts";

/** What an error means to the client. A detail of ours stands in for the message, which may name hosts or hold values of rows. */
export interface Meaning {
  readonly kind: ProblemKind;
  /** Undefined where the message speaks of the request only, and may be passed on. */
  readonly detail: string | undefined;
  readonly retryAfterMs?: number;
}

export type Meanings = Readonly<Record<string, Meaning>>;

const UNKNOWN: Meaning = { kind: "internal", detail: "The log of the server says more" };
const RETRY = { retryAfterMs: 1000 };
const MISCONFIGURED: Meaning = { kind: "misconfigured", detail: "The log of the server says what does not hold" };

/** The errors of a near cache. `E_VALUE` is not among them: parameters were checked before, so it comes from inside a view. */
export const READ_ERRORS: Meanings = {
  E_KEY_TOO_LONG: { kind: "key-too-long", detail: undefined },
  E_STORE_READ: { kind: "database-unavailable", detail: "The database did not answer; try again shortly", ...RETRY },
  E_OVERLOADED: { kind: "overloaded", detail: "Too many reads are under way; try again shortly", ...RETRY },
  E_ASSUMPTION: MISCONFIGURED,
  E_CLOSED: { kind: "closing", detail: "The server is closing; ask another", ...RETRY },
};

/** The errors of a writer. `E_NOT_ANNOUNCED` is not among them: that write is done, so it is no problem but 202. */
export const WRITE_ERRORS: Meanings = {
  E_VALUE: { kind: "invalid-value", detail: undefined },
  E_MUTATION: { kind: "invalid-write", detail: undefined },
  E_KEY_TOO_LONG: { kind: "key-too-long", detail: undefined },
  E_TOO_MANY_NAMES: { kind: "write-too-wide", detail: undefined },
  // Mostly too few replicas or no host at all: what the request could do wrong was checked before.
  E_WRITE_REFUSED: { kind: "write-refused", detail: "Nothing was written; try again shortly", ...RETRY },
  E_FENCE_FAILED: {
    kind: "log-unavailable",
    detail: "Nothing was written, because readers could not have been told; try again shortly",
    ...RETRY,
  },
  E_WRITE_UNKNOWN: {
    kind: "write-unknown",
    detail: "It may have been applied, or may be later. Read it back; repeat it only if twice does no harm",
  },
  E_OVERLOADED: { kind: "overloaded", detail: "Too many writes are under way; try again shortly", ...RETRY },
  E_ASSUMPTION: MISCONFIGURED,
  E_NOT_CHECKED: {
    kind: "not-checked",
    detail:
      "Nothing was written: what nearkey rests on is not checked yet, because the database or the log does not answer",
    ...RETRY,
  },
  E_CLOSED: { kind: "closing", detail: "The server is closing; ask another", ...RETRY },
};

/** Makes the function that turns what was thrown into a problem. What has no meaning is reported, and tells the client its code only. */
export function problemsOf(meanings: Meanings, onError: (error: unknown) => void): (error: unknown) => HttpProblem {
  return (error) => {
    if (error instanceof HttpProblem) return error;
    const code = error instanceof NearkeyError ? error.code : undefined;
    const meaning = code !== undefined && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
    if (meaning === undefined) onError(error);
    const { kind, detail, ...rest } = meaning ?? UNKNOWN;
    const said = detail ?? (error instanceof Error ? error.message : "");
    return new HttpProblem(kind, { detail: said, ...rest, ...(code !== undefined && { code }) });
  };
}

/** Where errors go that nobody asked for: an error answered with 500 must not pass unseen. */
export function reportError(error: unknown): void {
  console.error("nearkey: a request was answered with 500:", error);
}
