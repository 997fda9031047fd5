import { NearkeyError } from "../spec/error.ts";

/** A server was reached and said no, for a reason that waiting does not cure. */
export class ConnectRefusedError extends NearkeyError {
  readonly code = "E_CONNECT_REFUSED";
}

/** A server was not reached, by a command that does not wait for it. */
export class UnreachableError extends NearkeyError {
  readonly code = "E_UNREACHABLE";

  constructor(what: "Cassandra" | "NATS", reason: string, options: ErrorOptions) {
    super(`${what} cannot be reached: ${reason}`, "Look whether it is up, and whether its address is right", options);
  }
}
