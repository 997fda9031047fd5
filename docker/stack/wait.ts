import { setTimeout as sleep } from "node:timers/promises";
import { NotReadyError } from "./errors.ts";

/** What is waited for, and for how long at most. Every wait of the stack is one of these. */
export interface Wait {
  /** Completes the sentence "... did not happen within 10 s". */
  readonly what: string;
  readonly deadlineMs: number;
  readonly everyMs?: number;
  /** What to do when it did not happen. */
  readonly remedy: string;
  readonly signal?: AbortSignal | undefined;
  /** Throws when waiting on is pointless, e.g. because the process died. */
  readonly giveUp?: () => void;
}

/** Asks until the probe neither throws nor says false. A probe bounds its own time: it is not interrupted. */
export async function waitUntil(wait: Wait, probe: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + wait.deadlineMs;
  let lastError: unknown;
  while (performance.now() < end) {
    wait.signal?.throwIfAborted();
    wait.giveUp?.();
    try {
      if (await probe()) return;
    } catch (error) {
      lastError = error;
    }
    await sleep(wait.everyMs ?? 100);
  }
  throw new NotReadyError(wait.what, wait.deadlineMs, wait.remedy, lastError);
}

/** Says every now and then that something silent still goes on. */
export async function withReminders<T>(what: string, log: (line: string) => void, work: Promise<T>): Promise<T> {
  const began = performance.now();
  const remind = () => log(`${what}: still at it (${Math.round((performance.now() - began) / 1000)} s)`);
  const timer = setInterval(remind, 15_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
