import { NearkeyError } from "../spec/error.ts";

/** A server was reached and said no, for a reason that waiting does not cure. */
export class ConnectRefusedError extends NearkeyError {
  readonly code = "E_CONNECT_REFUSED";
}
