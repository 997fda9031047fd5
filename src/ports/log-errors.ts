import { NearkeyError } from "../spec/error.ts";

/** The log did not take the message, or could not be asked; nothing was stored. */
export class LogUnavailableError extends NearkeyError {
  readonly code = "E_LOG_UNAVAILABLE";
}

/** No answer in time: the message may be stored, now or later. Retrying with the same id is safe. */
export class LogUnknownError extends NearkeyError {
  readonly code = "E_LOG_UNKNOWN";
}

/** The log is not set up as nearkey needs it; the message says what to change. */
export class LogConfigurationError extends NearkeyError {
  readonly code = "E_LOG_CONFIGURATION";
}
