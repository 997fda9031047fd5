import type { IncomingMessage, ServerResponse } from "node:http";

/** Every kind of problem, with its status and title. The name ends the problem's `type` and is never given another meaning. */
const KINDS = {
  "bad-parameter": { status: 400, title: "A parameter of the path or query cannot be understood" },
  "bad-position": { status: 400, title: "The position asked for cannot be understood" },
  "malformed-body": { status: 400, title: "The body is not JSON" },
  "invalid-body": { status: 400, title: "The body is not what this resource takes" },
  "invalid-value": { status: 400, title: "A value does not fit its column" },
  "key-too-long": { status: 400, title: "The key would be too long" },
  "unsupported-precondition": { status: 400, title: "The precondition cannot be evaluated here" },
  "not-found": { status: 404, title: "There is no such row" },
  "no-such-resource": { status: 404, title: "There is no such resource" },
  "method-not-allowed": { status: 405, title: "The resource has no such method" },
  "not-acceptable": { status: 406, title: "The answer is JSON, which Accept excludes" },
  "precondition-failed": { status: 412, title: "The precondition did not hold" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "uri-too-long": { status: 414, title: "The URI is too long" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "list-too-long": { status: 422, title: "The list is longer than its bound" },
  "invalid-write": { status: 422, title: "The write cannot be done as asked" },
  "write-too-wide": { status: 422, title: "The write touches too many keys" },
  internal: { status: 500, title: "The server failed" },
  overloaded: { status: 503, title: "Too much is under way" },
  "database-unavailable": { status: 503, title: "The database did not answer" },
  "write-refused": { status: 503, title: "The database did not take the write" },
  "log-unavailable": { status: 503, title: "The invalidation log did not answer" },
  "not-checked": { status: 503, title: "What the server rests on is not checked yet" },
  misconfigured: { status: 503, title: "The server is set up so that it could not keep its promise" },
  closing: { status: 503, title: "The server is closing" },
  "write-unknown": { status: 504, title: "It is not known whether the write was done" },
} as const;

export type ProblemKind = keyof typeof KINDS;

/** One of several faults: where it is (a JSON pointer into the body, or the name of a parameter), and what it is. */
export interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly detail: string;
}

/** What a problem says beside its kind. Only text of ours and of the request: never a row, never what a driver said. */
export interface ProblemParts {
  readonly detail: string;
  /** The code of the `NearkeyError` behind it. */
  readonly code?: string;
  /** The text of the key asked for. */
  readonly key?: string;
  readonly errors?: readonly Fault[];
  /** For failures that pass: after which the request may be repeated. */
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that cannot be answered as asked, on its way to `sendProblem`. */
export class HttpProblem extends Error {
  readonly kind: ProblemKind;
  readonly parts: ProblemParts;

  constructor(kind: ProblemKind, parts: ProblemParts) {
    super(parts.detail);
    this.name = "HttpProblem";
    this.kind = kind;
    this.parts = parts;
  }
}

/** The problem with more members, e.g. the key that it is about. */
export function withParts(problem: HttpProblem, more: Partial<ProblemParts>): HttpProblem {
  return new HttpProblem(problem.kind, { ...more, ...problem.parts });
}

/** The problem with more headers. */
export function withHeaders(problem: HttpProblem, headers: Readonly<Record<string, string>>): HttpProblem {
  return new HttpProblem(problem.kind, { ...problem.parts, headers: { ...headers, ...problem.parts.headers } });
}

/** Answers with `application/problem+json` (RFC 9457); to HEAD without the body. */
export function sendProblem(req: IncomingMessage, res: ServerResponse, problem: HttpProblem): void {
  if (res.headersSent || res.destroyed) {
    res.destroy(); // half an answer must not look like a whole one
    return;
  }
  const { status, title } = KINDS[problem.kind];
  const { headers, retryAfterMs, ...members } = problem.parts;
  const body = JSON.stringify({
    type: `urn:nearkey:problem:${problem.kind}`,
    title,
    status,
    ...members,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  res.writeHead(status, {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    ...(retryAfterMs !== undefined && { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) }),
    ...headers,
  });
  res.end(req.method === "HEAD" ? undefined : body);
}
