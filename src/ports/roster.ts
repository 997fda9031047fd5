import type { Introduced } from "../protocol/introduction.ts";
import type { RollCall } from "../protocol/roll-call.ts";
import type { Subscription } from "./invalidation-log.ts";

/**
 * Who is there: the processes of a namespace introduce themselves to whoever asks.
 *
 * Contract, proven by `test/ports/roster.conformance.ts`: everyone who joined and can be reached is heard once by every call that begins
 * after that; nobody who has left is.
 */
export interface Roster {
  /** Introduces this process to all who call, until `close`. */
  join(as: Introduced): Subscription;
  /** Hears who is there, for no longer than `waitMs`. Throws `LogUnavailableError`. */
  call(options: { readonly waitMs: number }): Promise<RollCall>;
}
