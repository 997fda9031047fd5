import type { Clock, Timer } from "../ports/clock.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { announce, messageId, type Part } from "../protocol/announce.ts";
import { type Announcement, encodeMessage } from "../protocol/message.ts";
import type { Position } from "../protocol/position.ts";
import { checkStored, noteStored, type Witness } from "../protocol/witness.ts";

/** A write as its messages name it. */
export interface Announced {
  readonly id: string;
  readonly spec: string;
  readonly conditional: boolean;
  readonly parts: readonly Part[];
}

/** Publishes the messages of writes. */
export interface Publisher {
  /** All parts, acknowledged; the position of the last. Once per write and kind. Throws as `InvalidationLog.append` does. */
  publish(kind: "fence" | "keys", write: Announced): Promise<Position>;
  /** Goes on in the background until acknowledged. */
  keepPublishing(kind: "keys" | "touch", write: Announced): void;
  readonly pending: number;
  /** Waits until nothing is pending, at most so long. */
  drain(deadlineMs: number): Promise<void>;
  close(): void;
}

export interface PublisherOptions {
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly witness: Witness;
  readonly deadlineMs: number;
  /** The most announcements kept with all their names; beyond it there is one per table. */
  readonly maxPending: number;
  /** The log was seen to have lost what it had acknowledged. */
  readonly lost: () => void;
}

interface Pending {
  readonly kind: "keys" | "touch";
  readonly write: Announced;
}

const RETRY_EVERY_MS = 500;

export function createPublisher(options: PublisherOptions): Publisher {
  const { log, clock, telemetry, witness, deadlineMs, maxPending, lost } = options;
  const pending = new Map<string, Pending>();
  const drained = new Set<() => void>();
  let timer: Timer | undefined;
  let retrying = false;
  let closed = false;

  const append = async (of: Announcement): Promise<Position> =>
    log.append("announcement", encodeMessage(of), { id: messageId(of), deadlineMs });

  const appendFirst = async (of: Announcement): Promise<Position> => {
    const before = witness.highest;
    const at = await append(of);
    if (checkStored(witness, before, at)) {
      telemetry.event("responder-rollback", { epoch: at.epoch, sequence: at.sequence });
      lost();
    }
    return at;
  };

  /** What was sent before may have been stored long ago, below what was stored since: that is no loss. */
  const appendAgain = async (of: Announcement): Promise<void> => noteStored(witness, await append(of));

  const retry = async (): Promise<void> => {
    if (retrying) return;
    retrying = true;
    for (const [id, again] of pending) {
      try {
        await Promise.all(again.write.parts.map((part) => appendAgain(announce(again.kind, part, again.write))));
      } catch {
        toTheBack(id, again); // the log is away, and all the others would wait as long; if it refused this one, they come before it
        break;
      }
      if (pending.get(id) === again) pending.delete(id); // else a later write of the table has taken its place
      telemetry.event("write-announced-late", { kind: again.kind });
    }
    retrying = false;
    if (pending.size > 0) retryLater();
    else for (const tell of drained) tell();
  };

  const toTheBack = (id: string, again: Pending): void => {
    if (pending.get(id) !== again) return;
    pending.delete(id);
    pending.set(id, again);
  };

  const retryLater = (): void => {
    if (closed) return;
    timer?.cancel();
    timer = clock.after(RETRY_EVERY_MS, () => void retry());
  };

  return {
    publish: async (kind, write) => {
      const stored = await Promise.all(write.parts.map((part) => appendFirst(announce(kind, part, write))));
      return stored.reduce((last, at) => (at.sequence > last.sequence ? at : last));
    },
    keepPublishing: (kind, write) => {
      if (pending.size < maxPending) pending.set(`${write.id} ${kind}`, { kind, write });
      else for (const [table, folded] of onTables(write)) pending.set(`${table}/ ${kind}`, { kind, write: folded });
      void retry();
    },
    get pending() {
      return pending.size;
    },
    drain: (deadlineMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          drained.delete(end);
          limit.cancel();
          resolve();
        };
        const limit = clock.after(deadlineMs, end, { keepsAlive: true });
        drained.add(end);
        if (pending.size === 0) end();
      }),
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}

/**
 * Without room for its names, a write is announced by its tables. What waits of an earlier write of a table gives way to it; but it has an id
 * of its own: under the same one the log would take it for the earlier one, which it may have stored before this write was done.
 */
function onTables(write: Announced): ReadonlyMap<string, Announced> {
  const about = write.parts[0]?.about ?? [];
  return new Map(
    about.map((table, i) => {
      const part: Part = { part: 1, parts: 1, keys: [], partitions: [], tables: [table], about: [table] };
      return [table, { ...write, id: `${write.id.slice(0, 50)}-table-${i}`, parts: [part] }];
    }),
  );
}
