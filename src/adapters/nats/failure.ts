import { LogConfigurationError, LogUnavailableError } from "../../ports/log-errors.ts";

/**
 * Why a request got no answer.
 *
 * `disconnected`: nothing was sent. `no-responders`, `denied`: it reached nobody. `lost`: the connection broke meanwhile.
 * `refused`: JetStream, or we, said no. `unintelligible`: something else than JetStream answered. `failed`: the library gives another
 * reason, and does not say whether it had sent the message.
 */
export type FailureKind =
  | "disconnected"
  | "no-responders"
  | "denied"
  | "timeout"
  | "lost"
  | "refused"
  | "unintelligible"
  | "failed";

/** A failed request, whichever client library it went through; it does not leave this adapter. */
export class NatsFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "NatsFailure";
    this.kind = kind;
  }
}

/** The codes of 2.x and the class names of 3.x. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  TIMEOUT: "timeout",
  TimeoutError: "timeout",
  "503": "no-responders",
  NoResponders: "no-responders",
  PERMISSIONS_VIOLATION: "denied",
  PermissionViolationError: "denied",
  DISCONNECT: "lost",
  CONNECTION_CLOSED: "lost",
  CONNECTION_DRAINING: "lost",
  ClosedConnectionError: "lost",
  DrainingConnectionError: "lost",
};

/** What an error of either client library means. */
export function natsFailure(error: unknown): NatsFailure {
  if (error instanceof NatsFailure) return error;
  const said = error instanceof Error ? error : new Error(String(error));
  const kind = kindOf(said) ?? kindOf(said.cause) ?? "failed";
  return new NatsFailure(kind, WORDS[kind] ?? said.message.split("\n")[0] ?? "", { cause: error });
}

/** Where a library says only `503`, or `TIMEOUT`. */
const WORDS: Partial<Record<FailureKind, string>> = {
  timeout: "no answer in time",
  "no-responders": "nobody listens there",
  lost: "the connection to NATS was closed",
};

/** The failure as the port tells it, for operations that store nothing. */
export function unavailable(what: string, error: unknown): LogUnavailableError {
  if (error instanceof LogUnavailableError) return error;
  const failure = natsFailure(error);
  return new LogUnavailableError(`${what}: ${failure.message}`, REMEDIES[failure.kind], { cause: error });
}

const GRANT = "Grant the permissions listed in nearkey's src/adapters/nats/subjects.ts";

/** The operator has to change the permissions of this user. */
export function permissionMissing(denied: string, cause?: unknown): LogConfigurationError {
  return new LogConfigurationError(`NATS does not let this user ${denied}`, GRANT, { cause });
}

const REMEDIES: Readonly<Record<FailureKind, string>> = {
  timeout: "Look whether the NATS servers are up and have a leader; it is tried again",
  disconnected: "Wait for the connection; it is made again by itself",
  lost: "Wait for the connection; it is made again by itself",
  "no-responders": "Look whether JetStream is enabled and the stream exists; it is tried again",
  denied: GRANT,
  refused: "Look at the reason given by the server",
  failed: "Look at the reason given by the client library",
  unintelligible: "Find who else listens on nearkey's subjects",
};

function kindOf(error: unknown): FailureKind | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return KINDS[code] ?? KINDS[error.name];
}
