import { headers as newHeaders } from "nats";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import { LogUnavailableError, LogUnknownError } from "../../ports/log-errors.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/message.ts";
import { type Position, sequence } from "../../protocol/position.ts";
import type { NatsHeaders } from "./connection.ts";
import { type Deadline, deadlineIn, pause } from "./deadline.ts";
import { type FailureKind, NatsFailure, natsFailure, unavailable } from "./failure.ts";
import { API_ERROR, ApiError, parseAnswer } from "./jetstream-api.ts";
import type { NatsLink } from "./link.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { epochOf, type Subjects } from "./subjects.ts";

const acknowledgement = z.object({ stream: z.string(), seq: z.number() });

/** A publish whose server died is not answered; with an id it is sent again, which stores it once. */
const ATTEMPT_MS = 2_000;
const FIRST_RETRY_MS = 25;
const LONGEST_RETRY_MS = 400;
/** What a header, and the server's own words about a message, may add to it. */
const ENVELOPE_BYTES = 1024;

/** JetStream's answers after which the same message may succeed: an election, or a queue that is full. */
const PASSING: readonly number[] = [
  API_ERROR.clusterNotAvailable,
  API_ERROR.notEnabledForAccount,
  API_ERROR.notEnabled,
  API_ERROR.duplicateInProcess,
  API_ERROR.tooManyRequests,
  API_ERROR.storeFailed,
];
/** Those that do not say that nothing is stored: a replica may have kept it, or an earlier attempt is on its way. */
const UNDECIDED: readonly number[] = [API_ERROR.duplicateInProcess, API_ERROR.storeFailed];

/** After these the message has reached nobody; whatever else goes wrong, it may have. */
const NOTHING_SENT: readonly FailureKind[] = ["disconnected", "no-responders", "denied", "refused"];

/** Publishes messages to the stream, and knows which of its failures mean "not stored". */
export class Appender {
  readonly #link: NatsLink;
  readonly #clock: Clock;
  readonly #keeper: StreamKeeper;
  readonly #subjects: Subjects;

  constructor(link: NatsLink, clock: Clock, keeper: StreamKeeper, subjects: Subjects) {
    this.#link = link;
    this.#clock = clock;
    this.#keeper = keeper;
    this.#subjects = subjects;
  }

  /** Stores a message once. Throws `LogUnavailableError` or `LogUnknownError`. */
  async append(
    kind: "announcement" | "tick",
    body: string,
    options: { readonly id?: string; readonly deadlineMs: number },
  ): Promise<Position> {
    this.#checkSize(kind, body);
    const deadline = deadlineIn(this.#clock, options.deadlineMs);
    let maybeStored = false;
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      try {
        return await this.#attempt(kind, body, options.id, deadline);
      } catch (error) {
        const failure = natsFailure(error);
        maybeStored ||= isUndecided(failure);
        if (failure.kind === "no-responders") this.#keeper.suspect(this.#keeper.name);
        // Without an id a second attempt would be a second message.
        const again = options.id !== undefined && isPassing(failure) && (await pause(this.#clock, retryMs, deadline));
        if (!again) throw finalError(kind, failure, maybeStored);
      }
    }
  }

  async #attempt(kind: "announcement" | "tick", body: string, id: string | undefined, deadline: Deadline) {
    const timeoutMs = id === undefined ? deadline.remainingMs() : Math.min(ATTEMPT_MS, deadline.remainingMs());
    const answer = await this.#link.request(this.#subjects[kind], body, timeoutMs, idHeader(id));
    const { stream, seq } = parseAnswer(answer.string(), acknowledgement);
    const epoch = epochOf(this.#subjects.namespace, stream);
    this.#keeper.heardOf(stream);
    if (epoch === undefined) throw new NatsFailure("unintelligible", `its subject belongs to the stream ${stream}`);
    return { epoch, sequence: sequence(seq) };
  }

  #checkSize(kind: string, body: string): void {
    const serverLimit = this.#link.connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const limit = Math.min(MAX_MESSAGE_BYTES, serverLimit - ENVELOPE_BYTES);
    const bytes = Buffer.byteLength(body);
    if (bytes <= limit) return;
    const remedy = limit < MAX_MESSAGE_BYTES ? "Raise max_payload of the NATS servers" : `Keep it within ${limit}`;
    throw new LogUnavailableError(`The ${kind} has ${bytes} bytes`, remedy);
  }
}

function idHeader(id: string | undefined): NatsHeaders | undefined {
  if (id === undefined) return undefined;
  const headers = newHeaders();
  headers.set("Nats-Msg-Id", id);
  return headers;
}

function isPassing(failure: NatsFailure): boolean {
  if (failure instanceof ApiError) return PASSING.includes(failure.errCode);
  return failure.kind === "no-responders" || failure.kind === "timeout";
}

function isUndecided(failure: NatsFailure): boolean {
  if (failure instanceof ApiError) return UNDECIDED.includes(failure.errCode);
  return !NOTHING_SENT.includes(failure.kind);
}

function finalError(kind: string, failure: NatsFailure, maybeStored: boolean): Error {
  if (!maybeStored) return unavailable(`The ${kind} was not stored`, failure);
  const remedy = kind === "tick" ? "Send another tick" : "Try again with the same id: it is stored once";
  return new LogUnknownError(`The ${kind} may be stored, now or later: ${failure.message}`, remedy, { cause: failure });
}
