import { NearkeyError } from "../../src/spec/error.ts";

/** Something else listens where a server of the stack has to. */
export class PortInUseError extends NearkeyError {
  readonly code = "E_STACK_PORT_IN_USE";
  constructor(address: string, port: number, remedy: string) {
    super(`${address}:${port} is in use by another process`, remedy);
  }
}

/** Another `npm run stack` holds the folder: its data would be wiped under its feet. */
export class StackRunningError extends NearkeyError {
  readonly code = "E_STACK_RUNNING";
  constructor(pid: number, endpoints: string, lockFile: string) {
    const otherwise = `If that process is no stack, delete ${lockFile}`;
    super(
      endpoints
        ? `${endpoints} are in use by a stack that runs already (pid ${pid})`
        : `A stack is starting already (pid ${pid})`,
      `Use that one, or stop it with Ctrl-C where it runs, or \`kill -INT ${pid}\`. ${otherwise}`,
    );
  }
}

/** A program that the stack needs is not on this machine, or too old or too new. */
export class ToolMissingError extends NearkeyError {
  readonly code = "E_STACK_TOOL_MISSING";
}

/** A program was there, ran, and failed. */
export class ToolFailedError extends NearkeyError {
  readonly code = "E_STACK_TOOL_FAILED";
  constructor(command: string, how: string, lastLines: string) {
    super(`\`${command}\` ${how}`, `Its last lines:\n${lastLines || nothing}`);
  }
}

/** A server ended though nobody asked it to. */
export class ServerDiedError extends NearkeyError {
  readonly code = "E_STACK_SERVER_DIED";
  constructor(server: string, how: string, logFile: string, lastLines: string) {
    super(`${server} died (${how})`, `The whole log is ${logFile}; its last lines:\n${lastLines || nothing}`);
  }
}

/** A deadline passed. */
export class NotReadyError extends NearkeyError {
  readonly code = "E_STACK_NOT_READY";
  constructor(what: string, deadlineMs: number, remedy: string, lastError: unknown) {
    const seen = lastError instanceof Error ? `; last answer: ${lastError.message}` : "";
    super(`${what} did not happen within ${deadlineMs / 1000} s${seen}`, remedy, { cause: lastError });
  }
}

/** A command line, or options, that cannot be carried out. */
export class StackOptionError extends NearkeyError {
  readonly code = "E_STACK_OPTION";
}

const nothing = "    (it printed nothing)";
