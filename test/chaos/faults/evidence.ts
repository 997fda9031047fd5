import { setTimeout as pause } from "node:timers/promises";
import type { NearkeyProcess } from "../deployment/nearkey-process.ts";
import type { LogLine } from "../deployment/process-log.ts";
import type { Ground } from "./fault.ts";

/** A fault was chosen, and nothing shows that it happened. */
export class NoEvidenceError extends Error {}

type Look = () => string | undefined | Promise<string | undefined>;

const LOOK_EVERY_MS = 50;
const DEADLINE_MS = 30_000;

/** Looks until something is seen. Throws `NoEvidenceError` after the deadline. */
export async function seen(what: string, look: Look, deadlineMs = DEADLINE_MS): Promise<string> {
  for (const end = performance.now() + deadlineMs; ; await pause(LOOK_EVERY_MS)) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new NoEvidenceError(`not seen: ${what}`);
  }
}

/** What is there, or nothing: then it is not evidence. */
export function shown(what: string, is: boolean): string {
  if (is) return what;
  throw new NoEvidenceError(`not so: ${what}`);
}

/** The logs of all processes from this moment on. */
export interface Logs {
  /** Waits until one of these processes has logged it. */
  untilLogged(msg: string, by: readonly NearkeyProcess[], matches?: (line: LogLine) => boolean): Promise<string>;
}

export function logsFromNow({ processes }: Ground): Logs {
  const marks = new Map(processes.all.map((one) => [one, one.log.mark()]));
  const hasLogged = (one: NearkeyProcess, msg: string, matches: (line: LogLine) => boolean): boolean =>
    one.log.lines(marks.get(one)).some((line) => line.msg === msg && matches(line));
  return {
    untilLogged: (msg, by, matches = () => true) =>
      seen(`${msg} in a log`, () => {
        const told = by.filter((one) => hasLogged(one, msg, matches)).map(({ name }) => name);
        return told.length === 0 ? undefined : `${msg} (${told.join(", ")})`;
      }),
  };
}

export const flushedFor =
  (...reasons: readonly string[]) =>
  (line: LogLine): boolean =>
    reasons.includes(String(line.why));
