import type { Clock, Timer } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { LogConfigurationError, LogUnavailableError } from "../../ports/log-errors.ts";
import { epoch } from "../../protocol/position.ts";
import { type Deadline, deadlineIn, inTime, pause } from "./deadline.ts";
import { natsFailure, permissionMissing, unavailable } from "./failure.ts";
import { API_ERROR, ApiError, type JetStreamApi } from "./jetstream-api.ts";
import type { Problems } from "./problems.ts";
import { checkStream, newStream, type StreamSize } from "./stream-config.ts";
import { epochOf, type Subjects, streamName } from "./subjects.ts";

export interface KeeperOptions {
  readonly api: JetStreamApi;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly problems: Problems;
  readonly subjects: Subjects;
  readonly size: StreamSize;
  /** Make the stream if there is none. */
  readonly create: boolean;
  readonly isClustered: () => boolean;
}

const SEARCH_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const NEXT_PAUSE_MS = 1_000;
const PASSING_FAILURES = 3;
/** Spread, so that those who raced each other do not race again. */
const RACE_PAUSE_MS = 100;

/** Knows which stream is the log: finds it, checks it, makes it, and looks again when it seems gone. */
export class StreamKeeper {
  readonly #options: KeeperOptions;
  #name: string | undefined;
  #search: Promise<string> | undefined;
  #timer: Timer | undefined;
  /** Searches in the background that have failed since the last success. */
  #failures = 0;
  #closed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** The name of the stream. Throws `LogConfigurationError`, or `LogUnavailableError` if there is none or nobody answers. */
  async find(deadline: Deadline): Promise<string> {
    if (this.#name !== undefined) return this.#name;
    const { clock, subjects } = this.#options;
    // One search for all who ask, each with a deadline of its own.
    this.#search ??= this.#find(deadlineIn(clock, SEARCH_MS)).finally(() => {
      this.#search = undefined;
    });
    return inTime(clock, deadline, this.#search).catch((error: unknown) => {
      throw asPortError(error, subjects);
    });
  }

  /** Goes on looking, or making, until there is a stream. */
  findInBackground(): void {
    if (this.#name !== undefined || this.#closed || this.#timer !== undefined) return;
    const { clock, entropy } = this.#options;
    // Spread, because many processes look for the same stream, and notice at the same moment that it is gone.
    const wait =
      this.#failures === 0 ? FIRST_PAUSE_MS * entropy.fraction() : NEXT_PAUSE_MS * (0.5 + entropy.fraction());
    this.#timer = clock.after(wait, () => {
      this.#timer = undefined;
      this.find(deadlineIn(clock, SEARCH_MS)).then(
        () => {
          this.#failures = 0;
        },
        (error: Error) => this.#noteFailure(error),
      );
    });
  }

  /** The stream of this name did not answer: it may have been deleted. */
  suspect(name: string | undefined): void {
    if (name !== this.#name) return;
    this.#name = undefined;
    this.findInBackground();
  }

  /** A record or an acknowledgement came from the stream of this name. If it is another than we knew, it is checked. */
  heardOf(name: string): void {
    if (name === this.#name) return;
    this.#name = undefined;
    this.findInBackground();
  }

  get name(): string | undefined {
    return this.#name;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #noteFailure(error: Error): void {
    if (this.#closed) return;
    this.#failures++;
    // An election passes; what is set up wrong, or lasts, is for the operator.
    if (error instanceof LogConfigurationError || this.#failures > PASSING_FAILURES)
      this.#options.problems.report(error);
    this.findInBackground();
  }

  async #find(deadline: Deadline): Promise<string> {
    const { clock, create, entropy, subjects } = this.#options;
    for (;;) {
      const names = await this.#names(deadline);
      const name = names[0] ?? (create ? await this.#create(deadline) : undefined);
      if (name !== undefined && names.length <= 1 && (await this.#isSound(name, deadline))) {
        this.#name = name;
        return name;
      }
      // Others are making it, or have made one too many and are about to delete it.
      const wait = RACE_PAUSE_MS * (0.5 + entropy.fraction());
      const waited = (create || names.length > 0) && (await pause(clock, wait, deadline));
      if (!waited) throw names.length > 1 ? notTheOnlyOne(names, subjects) : noStream(subjects);
    }
  }

  /** The streams of this namespace. Throws `LogConfigurationError` if one of them is not nearkey's. */
  async #names(deadline: Deadline): Promise<readonly string[]> {
    const { api, subjects } = this.#options;
    const names = await api.streamNames(subjects.stored, deadline);
    if (names.every((name) => epochOf(subjects.namespace, name) !== undefined)) return names;
    throw notTheOnlyOne(names, subjects);
  }

  /** False if it is gone. Throws `LogConfigurationError` if it is not set up as it must be. */
  async #isSound(name: string, deadline: Deadline): Promise<boolean> {
    const { api, subjects, size } = this.#options;
    try {
      checkStream(name, (await api.streamInfo(name, deadline)).config, subjects, size);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.errCode === API_ERROR.streamNotFound) return false;
      throw error;
    }
  }

  /** The name of the new stream, or undefined if somebody else is making one. */
  async #create(deadline: Deadline): Promise<string | undefined> {
    const { api, entropy, subjects, size, isClustered } = this.#options;
    const name = streamName(subjects.namespace, epoch(entropy.id()));
    try {
      await api.createStream(name, newStream(subjects, size, isClustered()), deadline);
    } catch (error) {
      if (error instanceof ApiError && LOST_RACE.includes(error.errCode)) return undefined;
      throw error instanceof ApiError ? cannotCreate(error) : error;
    }
    // A lone server may let two through that come within a millisecond. Of two that look after making theirs at least one sees both,
    // and takes its own away: one is left, or none and all try again, not at the same time.
    if ((await this.#names(deadline)).every((found) => found === name)) return name;
    await api.deleteStream(name, deadline);
    return undefined;
  }
}

/** The last: where a stream was deleted a moment ago its files may still be in the way. */
const LOST_RACE: readonly number[] = [API_ERROR.subjectsOverlap, API_ERROR.storeFailed];

function noStream(subjects: Subjects): LogUnavailableError {
  return new LogUnavailableError(
    `There is no stream for the namespace ${subjects.namespace}`,
    "Start a backend: it creates the stream",
  );
}

function notTheOnlyOne(names: readonly string[], subjects: Subjects): LogConfigurationError {
  return new LogConfigurationError(
    `The streams on ${subjects.stored} are ${names.join(", ")}; there must be one, of nearkey's own`,
    "Delete the others or take their subjects away; if none is left, a backend creates it",
  );
}

function asPortError(error: unknown, subjects: Subjects): Error {
  if (error instanceof LogConfigurationError || error instanceof LogUnavailableError) return error;
  const failure = natsFailure(error);
  if (failure.kind !== "denied") return unavailable(`The stream on ${subjects.stored} cannot be looked up`, failure);
  return permissionMissing(`look up the stream (${failure.message})`, error);
}

function cannotCreate(error: ApiError): LogConfigurationError {
  const tooFewServers: readonly number[] = [API_ERROR.replicasNotSupported, API_ERROR.noMatchingPeers];
  const remedy = tooFewServers.includes(error.errCode)
    ? "Run at least as many servers, in one cluster, as there are `replicas`; for development say `replicas: 1`"
    : "Look at JetStream's limits, on the server and on the account";
  return new LogConfigurationError(`NATS does not create the stream: ${error.message}`, remedy, { cause: error });
}
