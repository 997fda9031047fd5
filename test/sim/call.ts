import type { SimProcess } from "./sim-process.ts";

/** A request under way: it ends once, by its answer, at its deadline, or because what carried it broke. */
export interface Call {
  /** True the first time. */
  end(): boolean;
  readonly isOver: boolean;
}

/** `tooLate` at the deadline, unless it has ended. `cleanUp` whenever it ends. */
export function beginCall(
  process: SimProcess,
  deadlineMs: number,
  tooLate: () => void,
  cleanUp = (): void => {},
): Call {
  let isOver = false;
  const end = (): boolean => {
    if (isOver) return false;
    isOver = true;
    timer.cancel();
    cleanUp();
    return true;
  };
  const timer = process.after(deadlineMs, () => {
    if (end()) tooLate();
  });
  return {
    end,
    get isOver() {
      return isOver;
    },
  };
}
