import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The last lines of a file that may be large or missing. */
export function lastLines(file: string, count = 12): string {
  try {
    return tail(readEnd(file, 16 * 1024), count);
  } catch {
    return "";
  }
}

/** The last lines of a text, indented so that they stand out under an error. */
export function tail(text: string, count = 12): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}

function readEnd(file: string, bytes: number): string {
  const fd = openSync(file, "r");
  try {
    const size = fstatSync(fd).size;
    const buffer = Buffer.alloc(Math.min(size, bytes));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8");
  } finally {
    closeSync(fd);
  }
}
