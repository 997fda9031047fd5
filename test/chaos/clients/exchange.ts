import type { LogPosition, Outcome } from "../judge/history.ts";
import { MalformedAnswer } from "../town/parts.ts";

/** Where an answer came from, as its `Cache-Status` says. */
export type Source = "hit" | "load" | "strong" | "labelled";

/** The answer to a read. */
export interface ReadAnswer {
  readonly status: number;
  /** Undefined for 404. */
  readonly json: unknown;
  readonly source: Source;
  readonly cacheStatus: string;
  readonly ageS: number;
  /** `Nearkey-Coherent`: false for an answer that says it may be older than the bound; undefined if it is not said. */
  readonly coherent: boolean | undefined;
  readonly position: LogPosition | undefined;
  /** The query of the next page. */
  readonly next: string | undefined;
}

export interface ReadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As long as a request may wait in a process that stands still. */
const READ_DEADLINE_MS = 40_000;
/** Longer than a backend may need for a write: fence, database, keys. */
const WRITE_DEADLINE_MS = 40_000;

/** Reads. Throws where there is no answer; `FailedRead` for one that says so; and `MalformedAnswer` for one that is no JSON. */
export async function read({ url, headers }: ReadRequest): Promise<ReadAnswer> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(READ_DEADLINE_MS) });
  const { status } = response;
  const text = await response.text();
  if (status !== 200 && status !== 404) throw new FailedRead(status, text);
  const json = parse(text);
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
  const cacheStatus = header("cache-status") ?? "";
  const coherent = coherenceOf(header("nearkey-coherent"));
  return {
    status,
    json: status === 404 ? undefined : json,
    source: coherent === false ? "labelled" : sourceOf(cacheStatus),
    cacheStatus,
    coherent,
    ageS: Number(header("age") ?? Number.NaN),
    position: positionOf(header("nearkey-position")),
    next: /^<([^>]*)>; rel="next"$/.exec(header("link") ?? "")?.[1],
  };
}

/** An answer that is none. */
export class FailedRead extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedAnswer(`no JSON: ${String(error)}`);
  }
}

export interface WriteRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface WriteAnswer {
  readonly outcome: Outcome;
  readonly position: LogPosition | undefined;
  /** The status, or what went wrong instead. */
  readonly words: string;
}

/** Writes, and says how it ended; does not throw. */
export async function write({ url, method, headers, body }: WriteRequest): Promise<WriteAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WRITE_DEADLINE_MS),
    });
    const text = await response.text();
    const position = positionOf(response.headers.get("nearkey-position") ?? undefined);
    return { outcome: outcomeOf(response.status), position, words: `${response.status} ${text}` };
  } catch (error) {
    return { outcome: isNeverSent(error) ? "refused" : "lost", position: undefined, words: String(error) };
  }
}

function outcomeOf(status: number): Outcome {
  if (status === 202) return "unannounced";
  if (status >= 200 && status < 300) return "acked";
  if (status === 503) return "refused"; // "nothing was written"
  if (status === 412) return "unmet";
  return status === 504 ? "undecided" : "lost";
}

/** Nobody listened. */
function isNeverSent(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}

function coherenceOf(header: string | undefined): boolean | undefined {
  return header === "?1" ? true : header === "?0" ? false : undefined;
}

function sourceOf(cacheStatus: string): Source {
  if (cacheStatus.startsWith("nearkey; hit")) return "hit";
  return cacheStatus.startsWith("nearkey; fwd=uri-miss") ? "load" : "strong";
}

function positionOf(header: string | undefined): LogPosition | undefined {
  const [, epoch, sequence] = /^(.+)\.(\d+)$/.exec(header ?? "") ?? [];
  return epoch === undefined ? undefined : { epoch, sequence: Number(sequence) };
}
