import type { Clock } from "../ports/clock.ts";

/** The promise, or the error if it takes longer. The work itself goes on; what it brings is dropped. */
export async function within<T>(clock: Clock, deadlineMs: number, work: Promise<T>, tooLate: () => Error): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(deadlineMs, () => reject(tooLate())).cancel;
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
