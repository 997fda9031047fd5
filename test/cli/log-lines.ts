import pino, { type Logger } from "pino";
import type { LogLine } from "./nearkey-child.ts";

/** A logger, and the lines that were written with it. */
export function loggerWithLines(): { readonly logger: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const options = { base: null, timestamp: false, formatters: { level: (label: string) => ({ level: label }) } };
  return { logger: pino(options, { write: (line: string) => void lines.push(JSON.parse(line)) }), lines };
}
