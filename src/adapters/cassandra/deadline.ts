/** A moment after which nobody waits any more. */
export interface Deadline {
  /** How long it was from the beginning, for messages. */
  readonly givenMs: number;
  /** At least 1, because the driver takes 0 for no limit. */
  remainingMs(): number;
  readonly hasPassed: boolean;
}

/** No answer came before the deadline. */
export class DeadlinePassed extends Error {
  constructor(givenMs: number) {
    super(`no answer within ${givenMs} ms`);
    this.name = "DeadlinePassed";
  }
}

export function deadlineIn(givenMs: number): Deadline {
  const end = performance.now() + givenMs;
  return {
    givenMs,
    remainingMs: () => Math.max(1, Math.ceil(end - performance.now())),
    get hasPassed() {
      return performance.now() >= end;
    },
  };
}

/**
 * What the driver answers, or `DeadlinePassed`. The driver's own timeout starts anew with each host and each page, and it
 * has none for connecting; its request is not taken back.
 */
export async function before<T>(deadline: Deadline, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed(deadline.givenMs)), deadline.remainingMs());
  });
  try {
    return await Promise.race([answer, passed]);
  } finally {
    clearTimeout(timer);
  }
}
