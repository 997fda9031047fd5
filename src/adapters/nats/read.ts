import type { Clock } from "../../ports/clock.ts";
import type { LogRecord, LogSlice, LogStart } from "../../ports/invalidation-log.ts";
import { type Epoch, sequence } from "../../protocol/position.ts";
import { type Deadline, deadlineIn, pause } from "./deadline.ts";
import type { DirectGet } from "./direct-get.ts";
import { NatsFailure, unavailable } from "./failure.ts";
import { API_ERROR, ApiError, type JetStreamApi, type StreamInfo } from "./jetstream-api.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { epochOf, type Subjects } from "./subjects.ts";

/** Any replica may answer Direct Get, and one may be a little behind: it is given this time before it is asked again. */
const BEHIND_PAUSE_MS = 50;

export interface ReaderParts {
  readonly api: Pick<JetStreamApi, "streamInfo">;
  readonly directGet: Pick<DirectGet, "batch">;
  readonly clock: Clock;
  readonly keeper: Pick<StreamKeeper, "find" | "suspect">;
  readonly subjects: Subjects;
}

/** Reads stored records: the extent from the stream's leader, the records from any replica. */
export class Reader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** Throws `LogUnavailableError`. */
  async read(from: LogStart, limit: number, options: { readonly deadlineMs: number }): Promise<LogSlice> {
    const deadline = deadlineIn(this.#parts.clock, options.deadlineMs);
    try {
      return await this.#readOnce(from, limit, deadline).catch((error: unknown) => {
        if (!isGone(error)) throw error;
        return this.#readOnce(from, limit, deadline); // deleted, and perhaps made anew: look it up again
      });
    } catch (error) {
      throw unavailable("The log cannot be read", error);
    }
  }

  async #readOnce(from: LogStart, limit: number, deadline: Deadline): Promise<LogSlice> {
    const { api, keeper, subjects } = this.#parts;
    const name = await keeper.find(deadline);
    try {
      const epoch = epochOf(subjects.namespace, name);
      if (epoch === undefined) throw new NatsFailure("refused", `${name} is not a stream of nearkey's`);
      // Asked first: what is stored after this moment is heard live by whoever listens already.
      const { state } = await api.streamInfo(name, deadline);
      return await this.#collect({ name, epoch, state }, from, limit, deadline);
    } catch (error) {
      if (isGone(error)) keeper.suspect(name);
      throw error;
    }
  }

  async #collect(stream: Stream, from: LogStart, limit: number, deadline: Deadline): Promise<LogSlice> {
    const run = new Run(stream, from);
    while (run.records.length < limit && !run.complete) {
      const got = await this.#parts.directGet.batch(stream.name, run.next, limit - run.records.length, deadline);
      run.add(got);
      if (got.length > 0 || run.complete) continue;
      if (!(await pause(this.#parts.clock, BEHIND_PAUSE_MS, deadline))) {
        throw new NatsFailure("timeout", `no replica has the records up to ${stream.state.last_seq}`);
      }
    }
    return run.slice(limit);
  }
}

interface Stream {
  readonly name: string;
  readonly epoch: Epoch;
  readonly state: StreamInfo["state"];
}

/** Records in order and without holes, as they are collected. */
class Run {
  readonly #stream: Stream;
  readonly #from: LogStart;
  #first: number;
  #records: LogRecord[] = [];

  constructor(stream: Stream, from: LogStart) {
    this.#stream = stream;
    this.#from = "sequence" in from ? { sequence: sequence(Math.max(1, from.sequence)) } : from;
    const { messages, first_seq, last_seq } = stream.state;
    this.#first = messages === 0 ? last_seq + 1 : first_seq;
  }

  get records(): readonly LogRecord[] {
    return this.#records;
  }

  /** Where to read on. */
  get next(): LogStart {
    const last = this.#records.at(-1);
    return last === undefined ? this.#from : { sequence: sequence(last.sequence + 1) };
  }

  /** True if nothing is left that was stored before the read began. */
  get complete(): boolean {
    const { messages, last_seq, last_ts } = this.#stream.state;
    if (messages === 0) return true;
    const { next } = this;
    return "sequence" in next ? next.sequence > last_seq : Date.parse(last_ts) < next.storedAtMs;
  }

  add(got: readonly LogRecord[]): void {
    for (const record of got) {
      const { next } = this;
      // What lies before a hole cannot be joined to what lies after it. Retention has taken it, and takes more as we read.
      if ("sequence" in next && record.sequence > next.sequence) {
        this.#records = [];
        this.#first = Math.max(this.#first, record.sequence);
      }
      this.#records.push(record);
    }
  }

  slice(limit: number): LogSlice {
    const records = this.#records.slice(0, limit);
    const last = Math.max(this.#stream.state.last_seq, records.at(-1)?.sequence ?? 0);
    return { epoch: this.#stream.epoch, first: sequence(this.#first), last: sequence(last), records };
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof ApiError) return error.errCode === API_ERROR.streamNotFound;
  return error instanceof NatsFailure && error.kind === "no-responders";
}
