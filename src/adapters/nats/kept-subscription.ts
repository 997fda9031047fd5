import type { Clock, Timer } from "../../ports/clock.ts";
import type { Subscription } from "../../ports/invalidation-log.ts";
import type { NatsMessage, NatsSubscription } from "./connection.ts";
import type { NatsLink } from "./link.ts";

/** Permissions may be granted later, and nothing would say so. */
const DENIED_RETRY_MS = 5_000;

export interface SubscriptionSpec {
  readonly subject: string;
  readonly queue?: string;
  message(message: NatsMessage): void;
  /** The server has the subscription: from now on every message is heard. */
  live?(): void;
  lost?(): void;
}

/** A core subscription that is made again after a lost connection or a denial, and says when the server has it. */
export class KeptSubscription implements Subscription {
  readonly #link: NatsLink;
  readonly #clock: Clock;
  readonly #spec: SubscriptionSpec;
  readonly #watch: Subscription;
  #subscription: NatsSubscription | undefined;
  #retry: Timer | undefined;
  #attempt = 0;
  #live = false;
  #closed = false;

  constructor(link: NatsLink, clock: Clock, spec: SubscriptionSpec) {
    this.#link = link;
    this.#clock = clock;
    this.#spec = spec;
    this.#watch = link.watch({ up: () => this.#begin(), down: () => this.#lose() });
    if (link.connected) this.#begin();
  }

  close(): void {
    this.#closed = true;
    this.#attempt++;
    this.#watch.close();
    this.#retry?.cancel();
    this.#subscription?.unsubscribe();
  }

  #begin(): void {
    if (this.#closed || !this.#link.connected) return;
    const attempt = ++this.#attempt;
    try {
      if (this.#subscription === undefined || this.#subscription.isClosed()) this.#subscription = this.#subscribe();
    } catch {
      return; // the connection is being closed by its owner: it will not be live again
    }
    // The server answers in order: after a round trip it has the subscription, or has denied it.
    this.#link.roundTrip().then(
      () => this.#confirm(attempt),
      () => {}, // lost again; the link says when it is back
    );
  }

  #confirm(attempt: number): void {
    if (attempt !== this.#attempt) return;
    this.#live = true;
    guarded(() => this.#spec.live?.());
  }

  #lose(): void {
    this.#attempt++;
    if (!this.#live) return;
    this.#live = false;
    guarded(() => this.#spec.lost?.());
  }

  #subscribe(): NatsSubscription {
    const { subject, queue } = this.#spec;
    const callback = (error: Error | null, message: NatsMessage) => {
      if (error !== null) this.#denied();
      else if (!this.#closed) guarded(() => this.#spec.message(message));
    };
    return this.#link.connection.subscribe(subject, queue === undefined ? { callback } : { callback, queue });
  }

  /** The link tells the operator. */
  #denied(): void {
    if (this.#closed) return;
    this.#lose();
    this.#retry?.cancel();
    this.#retry = this.#clock.after(DENIED_RETRY_MS, () => this.#begin());
  }
}

/** Inside the client's reader an error of the listener would end the connection; here it is an uncaught error like any other. */
function guarded(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
