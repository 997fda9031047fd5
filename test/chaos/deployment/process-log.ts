import { closeSync, openSync, readSync } from "node:fs";

/** One line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string; readonly level: string };

/** What a process has logged, read as it grows. */
export interface ProcessLog {
  /** Everything that was logged from here on is after the mark. */
  mark(): number;
  /** The lines after a mark; default: all. */
  lines(after?: number): readonly LogLine[];
  /** What was printed and is no line of a log. */
  strays(): readonly string[];
}

export function followLog(file: string): ProcessLog {
  const lines: LogLine[] = [];
  const strays: string[] = [];
  let offset = 0;
  let rest = "";

  const readOn = (): void => {
    const { text, length } = textFrom(file, offset);
    offset += length;
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = parsed(part);
      if (line !== undefined) lines.push(line);
      else if (part.trim() !== "") strays.push(part);
    }
  };

  return {
    mark: () => {
      readOn();
      return lines.length;
    },
    lines: (after = 0) => {
      readOn();
      return lines.slice(after);
    },
    strays: () => {
      readOn();
      return strays;
    },
  };
}

const CHUNK_BYTES = 64 * 1024;

function textFrom(file: string, from: number): { readonly text: string; readonly length: number } {
  const chunks: Buffer[] = [];
  const descriptor = openSync(file, "r");
  try {
    let at = from;
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const read = readSync(descriptor, chunk, 0, CHUNK_BYTES, at);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(descriptor);
  }
  const all = Buffer.concat(chunks);
  return { text: all.toString("utf8"), length: all.length };
}

function parsed(line: string): LogLine | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isLogLine(value) ? value : undefined;
  } catch {
    return undefined; // cut off by a kill
  }
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === "object" && value !== null && "msg" in value && "level" in value;
}
