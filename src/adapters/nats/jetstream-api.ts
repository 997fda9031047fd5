import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import { type Deadline, pause } from "./deadline.ts";
import { NatsFailure, natsFailure } from "./failure.ts";
import type { NatsLink } from "./link.ts";
import { streamConfig } from "./stream-config.ts";

/** The server's error numbers that we act on; the whole list is nats-server's `errors.json`. */
export const API_ERROR = {
  clusterNotAvailable: 10008,
  notEnabledForAccount: 10039,
  noMatchingPeers: 10005,
  subjectsOverlap: 10065,
  streamNotFound: 10059,
  replicasNotSupported: 10074,
  notEnabled: 10076,
  storeFailed: 10077,
  duplicateInProcess: 10158,
  tooManyRequests: 10167,
} as const;

/** JetStream said no. */
export class ApiError extends NatsFailure {
  readonly errCode: number;

  constructor(errCode: number, description: string) {
    super("refused", `${description} (${errCode})`);
    this.errCode = errCode;
  }
}

const apiError = z.object({ code: z.number(), err_code: z.number().default(0), description: z.string().default("") });
const failed = z.object({ error: apiError });
const names = z.object({ streams: z.array(z.string()).nullish() });
const info = z.object({
  config: streamConfig,
  state: z.object({ messages: z.number(), first_seq: z.number(), last_seq: z.number(), last_ts: z.string() }),
});
const created = z.object({ config: streamConfig });
const deleted = z.object({ success: z.boolean() });

export type StreamInfo = z.infer<typeof info>;

/** Said while a cluster elects a leader; the next one asked may know better. */
const TEMPORARY: readonly number[] = [
  API_ERROR.clusterNotAvailable,
  API_ERROR.notEnabledForAccount,
  API_ERROR.notEnabled,
];
/** A request whose server died is not answered at all: ask again, rather than wait for the whole deadline. */
const ATTEMPT_MS = 2_000;
const RETRY_MS = 100;

/** The few requests of the JetStream API that we need. They throw `NatsFailure`. */
export class JetStreamApi {
  readonly #link: NatsLink;
  readonly #clock: Clock;
  readonly #prefix: string;

  /** With a `domain`, the JetStream of that domain is asked: for a connection to a leaf node. */
  constructor(link: NatsLink, clock: Clock, domain: string | undefined) {
    this.#link = link;
    this.#clock = clock;
    this.#prefix = domain === undefined ? "$JS.API" : `$JS.${domain}.API`;
  }

  /** The streams whose subjects overlap with this one. */
  async streamNames(subject: string, deadline: Deadline): Promise<readonly string[]> {
    return (await this.#ask("STREAM.NAMES", { subject }, names, deadline)).streams ?? [];
  }

  streamInfo(name: string, deadline: Deadline): Promise<StreamInfo> {
    return this.#ask(`STREAM.INFO.${name}`, {}, info, deadline);
  }

  async createStream(name: string, config: object, deadline: Deadline): Promise<void> {
    await this.#ask(`STREAM.CREATE.${name}`, { name, ...config }, created, deadline);
  }

  async deleteStream(name: string, deadline: Deadline): Promise<void> {
    await this.#ask(`STREAM.DELETE.${name}`, {}, deleted, deadline);
  }

  directGetSubject(name: string): string {
    return `${this.#prefix}.DIRECT.GET.${name}`;
  }

  async #ask<T>(what: string, body: object, schema: z.ZodType<T>, deadline: Deadline): Promise<T> {
    for (;;) {
      try {
        const timeoutMs = Math.min(ATTEMPT_MS, deadline.remainingMs());
        const answer = await this.#link.request(`${this.#prefix}.${what}`, JSON.stringify(body), timeoutMs);
        return parseAnswer(answer.string(), schema);
      } catch (error) {
        const failure = natsFailure(error);
        if (!isTemporary(failure) || !(await pause(this.#clock, RETRY_MS, deadline))) throw failure;
      }
    }
  }
}

/** Reads an answer of JetStream. Throws `ApiError` where it says no. */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>): T {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw new NatsFailure("unintelligible", "an answer that is not JSON", { cause });
  }
  const no = failed.safeParse(answer);
  if (no.success) throw new ApiError(no.data.error.err_code, no.data.error.description);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new NatsFailure("unintelligible", `an answer that is not JetStream's: ${z.prettifyError(parsed.error)}`);
}

function isTemporary(failure: NatsFailure): boolean {
  return failure.kind === "timeout" || (failure instanceof ApiError && TEMPORARY.includes(failure.errCode));
}
