import type { Logger } from "pino";

/** What passes one Ctrl-C on may deliver it twice: a shell to the group, npm to its child. */
const SAME_ASK_MS = 1_000;

/** Resolves with the first SIGTERM or SIGINT. Another one, later, ends the process at once. */
export function stopAsked(logger: Logger): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAtMs: number | undefined;
    const onSignal = (signal: NodeJS.Signals): void => {
      const nowMs = performance.now();
      askedAtMs ??= nowMs;
      resolve(signal); // only the first one counts
      if (nowMs - askedAtMs <= SAME_ASK_MS) return;
      logger.warn({ signal }, "stopped-at-once");
      process.exit(1);
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}

/** An error that nobody caught leaves a state that nobody foresaw: it is logged, and the process ends. */
export function endOnUncaught(logger: Logger): void {
  process.on("uncaughtException", (err, origin) => {
    logger.fatal({ err }, origin); // Node hands unhandled rejections in here too
    process.exit(1);
  });
}
