import pino, { type Logger } from "pino";
import type { Role } from "./config-schema.ts";

/** JSON lines on standard output. */
export function createLogger(role: Role): Logger {
  return pino({
    name: `nearkey-${role}`,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
