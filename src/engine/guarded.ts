import type { Telemetry } from "../ports/telemetry.ts";

/**
 * Calls what the application gave us. What it throws must not stop the protocol half way, between a write and its keys; nor be lost: it is
 * printed as a warning of the process.
 */
export function callGiven(run: () => void): void {
  try {
    run();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

/** A telemetry that never throws; silent where none was given. */
export function guardedTelemetry(given: Telemetry | undefined): Telemetry {
  return { event: (name, fields) => callGiven(() => given?.event(name, fields)) };
}
