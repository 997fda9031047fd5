import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";

export interface Trying {
  /** Ends the trying; what was under way is given up. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface Attempts<T> {
  /** In log lines, e.g. `cassandra`. */
  readonly what: string;
  /** What is logged when it succeeds, e.g. `connected`. */
  readonly done: string;
  readonly where: string;
  readonly attempt: () => Promise<T>;
  /** The error to end with if trying again cannot help, e.g. a refused login; undefined to go on. */
  readonly hopeless: (error: unknown) => Error | undefined;
  /** Why it failed, in words that stay the same while the cause does. */
  readonly reasonOf: (error: unknown) => string;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const REMIND_AFTER_MS = 60_000;

/**
 * Tries until it succeeds, waiting longer each time. Logs when it begins to fail, when the reason changes, once a minute, and when it
 * succeeds; not each attempt.
 */
export async function keepTrying<T>(attempts: Attempts<T>, { signal, logger }: Trying): Promise<T> {
  const { what, done, where, attempt, hopeless, reasonOf } = attempts;
  const complain = complainer((reason) => logger.warn({ where, reason }, `${what}-unreachable`));
  const beganMs = performance.now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      const reached = await attempt();
      logger.info({ where, afterMs: Math.round(performance.now() - beganMs) }, `${what}-${done}`);
      return reached;
    } catch (error) {
      const end = hopeless(error);
      if (end !== undefined) throw end;
      complain(reasonOf(error));
    }
    await pause(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** Says a reason when it is new, and again when it has lasted. */
function complainer(say: (reason: string) => void): (reason: string) => void {
  let last: { readonly reason: string; readonly atMs: number } | undefined;
  return (reason) => {
    const nowMs = performance.now();
    if (last?.reason === reason && nowMs - last.atMs < REMIND_AFTER_MS) return;
    last = { reason, atMs: nowMs };
    say(reason);
  };
}
