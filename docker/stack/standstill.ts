import { existsSync, readdirSync, readFileSync } from "node:fs";

const DEADLINE_MS = 2_000;
const LOOK_EVERY_MS = 1;

/**
 * Waits, without leaving the event loop's turn, until every thread of a process stands still: SIGSTOP is on its way for a moment, and a server
 * may still answer meanwhile. Where there is no /proc it returns at once.
 */
export function awaitStandstill(pid: number): void {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; waitedMs < DEADLINE_MS && !standsStill(pid); waitedMs += LOOK_EVERY_MS) {
    Atomics.wait(nap, 0, 0, LOOK_EVERY_MS);
  }
}

/** Whether every thread of a process is stopped; false where there is no /proc to tell. */
export function standsStill(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  try {
    // The state is the letter behind the command's name, which stands in parentheses and may hold anything.
    return readdirSync(tasks).every((task) => /\) T /.test(readFileSync(`${tasks}/${task}/stat`, "utf8")));
  } catch {
    return false; // a thread ended while we looked
  }
}
