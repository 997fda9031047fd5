import { LogConfigurationError, LogUnavailableError } from "../../ports/log-errors.ts";

/**
 * Why a request got no answer.
 *
 * `disconnected`: nothing was sent. `no-responders`, `denied`: it reached nobody. `lost`: the connection broke meanwhile.
 * `refused`: the library or JetStream said no, with a reason.
 */
export type FailureKind = "disconnected" | "no-responders" | "denied" | "timeout" | "lost" | "refused";

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
  const [kind, text] = kindOf(error) ?? (error instanceof Error ? kindOf(error.cause) : undefined) ?? ["refused", ""];
  return new NatsFailure(kind, text || String(error), { cause: error });
}

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
};

function kindOf(error: unknown): readonly [FailureKind, string] | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const kind = KINDS[code] ?? KINDS[error.name];
  return kind === undefined ? undefined : [kind, error.message.split("\n")[0] || kind];
}
