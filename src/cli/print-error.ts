import { inspect } from "node:util";

/** An error that says what to do: of nearkey, also of the copy that a key module brought along. */
interface SpokenError extends Error {
  readonly code: string;
  readonly remedy: string;
}

/** Whether its message is meant for the one who started the command. */
export function isSpoken(error: unknown): error is SpokenError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "remedy" in error &&
    typeof error.remedy === "string"
  );
}

/** An error as the commands print it: `code: message`; with `debug`, or if nobody foresaw it, where it happened too. */
export function errorText(error: unknown, debug: boolean): string {
  if (!isSpoken(error)) return `unexpected: ${inspect(error)}`;
  const text = `${error.code}: ${error.message}`;
  return debug ? `${text}\n${inspect(error)}` : text;
}

/** Prints it to standard error. NEARKEY_DEBUG=1 asks for the stack. */
export function printError(error: unknown): void {
  process.stderr.write(`${errorText(error, process.env.NEARKEY_DEBUG === "1")}\n`);
}
