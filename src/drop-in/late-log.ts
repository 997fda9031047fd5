import type { InvalidationLog, LogListener, Pulse, Subscription } from "../ports/invalidation-log.ts";
import { LogUnavailableError } from "../ports/log-errors.ts";

/** A log that is there before NATS has answered: until then it can be reached by nobody, and from then on it is the real one. */
export interface LateLog extends InvalidationLog {
  /** The real one is there. */
  arrived(log: InvalidationLog): void;
  /** There will be none, and why. */
  failed(error: unknown): void;
}

export function createLateLog(): LateLog {
  let log: InvalidationLog | undefined;
  let reason = "NATS has not answered yet";
  const waiting = new Set<(log: InvalidationLog) => void>();

  const real = (): InvalidationLog => {
    if (log === undefined) throw new LogUnavailableError(reason, "See whether NATS can be reached");
    return log;
  };

  /** Subscribes now, or as soon as there is something to subscribe to. */
  const whenThere = (subscribe: (to: InvalidationLog) => Subscription): Subscription => {
    if (log !== undefined) return subscribe(log);
    let subscription: Subscription | undefined;
    const begin = (to: InvalidationLog): void => {
      subscription = subscribe(to);
    };
    waiting.add(begin);
    return {
      close: () => {
        waiting.delete(begin);
        subscription?.close();
      },
    };
  };

  return {
    arrived: (found) => {
      log = found;
      for (const begin of waiting) begin(found);
      waiting.clear();
    },
    failed: (error) => {
      reason = error instanceof Error ? error.message : String(error);
    },
    append: async (kind, body, options) => real().append(kind, body, options),
    read: async (from, limit, options) => real().read(from, limit, options),
    retentionMs: async (options) => real().retentionMs(options),
    requestPulse: async (options) => real().requestPulse(options),
    listen: (listener: LogListener) => whenThere((to) => to.listen(listener)),
    servePulse: (respond: () => Promise<Pulse>) => whenThere((to) => to.servePulse(respond)),
    get connected() {
      return log?.connected ?? false;
    },
    close: async () => {
      waiting.clear();
      await log?.close();
    },
  };
}
