import { policies } from "cassandra-driver";
import type { Deadline } from "../adapters/cassandra/deadline.ts";

type Retry = policies.retry.RetryPolicy;
type Decision = policies.retry.DecisionInfo;

/**
 * The application's own retries of one write, watched: what was tried before is remembered, because after it even a refusal leaves the
 * outcome unknown; and nothing is tried again once the fence may have ended.
 */
export class TrackedRetries extends policies.retry.RetryPolicy {
  readonly #own: Retry;
  readonly #deadline: Deadline;
  #maybeWritten: boolean;

  constructor(own: Retry, deadline: Deadline, maybeWritten: boolean) {
    super();
    this.#own = own;
    this.#deadline = deadline;
    this.#maybeWritten = maybeWritten;
  }

  /** True if an attempt before the last may have been applied. */
  get maybeWritten(): boolean {
    return this.#maybeWritten;
  }

  override onUnavailable(...given: Parameters<Retry["onUnavailable"]>): Decision {
    return this.#inTime(() => this.#own.onUnavailable(...given));
  }

  override onRequestError(...given: Parameters<Retry["onRequestError"]>): Decision {
    this.#maybeWritten = true;
    return this.#inTime(() => this.#own.onRequestError(...given));
  }

  override onWriteTimeout(...given: Parameters<Retry["onWriteTimeout"]>): Decision {
    this.#maybeWritten = true;
    return this.#inTime(() => this.#own.onWriteTimeout(...given));
  }

  override onReadTimeout(...given: Parameters<Retry["onReadTimeout"]>): Decision {
    this.#maybeWritten = true; // conditional writes and counters read first; how far they came is not known
    return this.#inTime(() => this.#own.onReadTimeout(...given));
  }

  #inTime(decide: () => Decision): Decision {
    return this.#deadline.hasPassed ? this.rethrowResult() : decide();
  }
}
