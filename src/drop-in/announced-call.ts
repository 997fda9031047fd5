import { type Client, policies, type QueryOptions, type types } from "cassandra-driver";
import { before, type Deadline, deadlineIn } from "../adapters/cassandra/deadline.ts";
import { writeFailure } from "../adapters/cassandra/failures.ts";
import type { LevelName } from "../adapters/cassandra/levels.ts";
import { policyOf, speculates } from "../adapters/cassandra/write-retries.ts";
import { WriteRefusedError, WriteUnknownError } from "../ports/store-errors.ts";
import { TrackedRetries } from "./tracked-retries.ts";
import type { Announced } from "./what-it-touches.ts";
import { writeLevel } from "./write-level.ts";

export interface CallOptions {
  readonly client: Client;
  /** Of writes that ask for none. */
  readonly level: LevelName;
}

export type SendTo = (options: QueryOptions) => Promise<types.ResultSet>;

/** One announced call to the driver, and what came of it. */
export class AnnouncedCall {
  result: types.ResultSet | undefined;
  #driverError: unknown;
  readonly #options: CallOptions;
  readonly #announced: Announced;
  readonly #given: QueryOptions;
  readonly #send: SendTo;

  constructor(options: CallOptions, announced: Announced, given: QueryOptions, send: SendTo) {
    this.#options = options;
    this.#announced = announced;
    this.#given = given;
    this.#send = send;
  }

  async send(to: { readonly timestampMicros: number; readonly deadlineMs: number }): Promise<{ applied: boolean }> {
    const deadline = deadlineIn(to.deadlineMs);
    const { client } = this.#options;
    const retries = new TrackedRetries(this.#ownRetries(), deadline, speculates(client));
    try {
      const sent = this.#send(this.#queryOptions(to.timestampMicros, deadline, retries));
      this.result = await before(deadline, sent);
      return { applied: this.result.wasApplied() };
    } catch (error) {
      this.#driverError = error;
      const { isConditional, touches } = this.#announced;
      throw writeFailure({ what: touches.about.join(", "), isConditional, maybeWritten: retries.maybeWritten }, error);
    }
  }

  /** An application that handles the driver's errors goes on handling them. */
  asTheDriverSaysIt(error: unknown): unknown {
    const isOfDatabase = error instanceof WriteRefusedError || error instanceof WriteUnknownError;
    return isOfDatabase && this.#driverError !== undefined ? this.#driverError : error;
  }

  #queryOptions(timestampMicros: number, deadline: Deadline, retry: TrackedRetries): QueryOptions {
    const { hasMarkers, hasOwnTime, isConditional, isCounter } = this.#announced;
    const isTimed = !hasOwnTime && !isCounter && !isConditional && this.#given.timestamp === undefined;
    return {
      ...this.#given,
      // Without it the driver guesses types, and what is written may be another row than the one that was announced.
      ...(hasMarkers && { prepare: true }),
      ...(isTimed && { timestamp: timestampMicros }),
      consistency: writeLevel(this.#options.level, this.#given.consistency),
      readTimeout: Math.min(this.#given.readTimeout ?? Number.POSITIVE_INFINITY, deadline.remainingMs()),
      retry,
    };
  }

  #ownRetries(): policies.retry.RetryPolicy {
    const own = policyOf(this.#options.client, "retry");
    return this.#given.retry ?? (own instanceof policies.retry.RetryPolicy ? own : new policies.retry.RetryPolicy());
  }
}
