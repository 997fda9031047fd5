/** Shows how far a long job is: a bar on a terminal, a line at its end elsewhere. */
export interface Progress {
  step(done: number): void;
  end(): void;
}

const WIDTH = 30;
const DRAW_EVERY_MS = 100;

export function showProgress(what: string, total: number, to: NodeJS.WriteStream = process.stderr): Progress {
  let done = 0;
  let drawnAtMs = 0;
  const draw = (): void => {
    const filled = Math.round((WIDTH * done) / Math.max(1, total));
    to.write(`\r${what} [${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${done}/${total}`);
  };
  return {
    step: (by) => {
      done += by;
      if (!to.isTTY || Date.now() - drawnAtMs < DRAW_EVERY_MS) return;
      drawnAtMs = Date.now();
      draw();
    },
    end: () => {
      if (to.isTTY) draw();
      to.write(to.isTTY ? "\n" : `${what}: ${done}/${total}\n`);
    },
  };
}
