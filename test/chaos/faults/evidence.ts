import { setTimeout as pause } from "node:timers/promises";
import type { NearkeyProcess } from "../deployment/nearkey-process.ts";
import type { LogLine } from "../deployment/process-log.ts";
import type { Ground, Running } from "./fault.ts";

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

/** The same fault, which this shows, too. */
export function shownBy(running: Running, more: () => Promise<string>): Running {
  return { ...running, evidence: async () => [...(await running.evidence()), await more()] };
}

/** The logs of all processes from this moment on. */
export interface Logs {
  /** Waits until one of these processes has logged this event; where reasons are given, for one of them. */
  untilLogged(event: string, by: readonly NearkeyProcess[], reasons?: readonly string[]): Promise<string>;
}

export function logsFromNow({ processes }: Ground): Logs {
  const marks = new Map(processes.all.map((one) => [one, one.log.mark()]));
  return {
    untilLogged: (event, by, reasons) => {
      const told = (one: NearkeyProcess): readonly LogLine[] =>
        one.log
          .lines(marks.get(one))
          .filter(({ msg, why }) => msg === event && (reasons === undefined || reasons.includes(String(why))));
      return seen(`${event} in a log`, () => {
        const names = by.filter((one) => told(one).length > 0).map(({ name }) => name);
        const whys = [...new Set(by.flatMap(told).flatMap(({ why }) => (typeof why === "string" ? [why] : [])))];
        return names.length === 0 ? undefined : `${[event, ...whys].join(" ")} (${names.join(", ")})`;
      });
    },
  };
}
