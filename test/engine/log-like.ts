import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";

/** A log that does some things its own way, and the rest as another does. */
export function logLike(other: InvalidationLog, own: Partial<InvalidationLog>): InvalidationLog {
  return {
    append: (...args) => other.append(...args),
    read: (...args) => other.read(...args),
    listen: (listener) => other.listen(listener),
    retentionMs: (...args) => other.retentionMs(...args),
    requestPulse: (...args) => other.requestPulse(...args),
    servePulse: (respond) => other.servePulse(respond),
    get connected() {
      return other.connected;
    },
    close: () => other.close(),
    ...own,
  };
}
