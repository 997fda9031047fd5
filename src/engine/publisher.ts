import type { Clock, Timer } from "../ports/clock.ts";
import type { InvalidationLog } from "../ports/invalidation-log.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { announce, messageId, type Part } from "../protocol/announce.ts";
import { type Announcement, encodeMessage } from "../protocol/message.ts";
import type { Position } from "../protocol/position.ts";
import { checkStored, type Witness } from "../protocol/witness.ts";

/** A write as its messages name it. */
export interface Announced {
  readonly id: string;
  readonly spec: string;
  readonly conditional: boolean;
  readonly parts: readonly Part[];
}

/** Publishes the messages of writes. */
export interface Publisher {
  /** All parts, acknowledged; the position of the last. Throws as `InvalidationLog.append` does. */
  publish(kind: Announcement["kind"], write: Announced): Promise<Position>;
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
}

/** The most announcements kept; beyond it they are gathered by table. */
const MAX_PENDING = 10_000;
const RETRY_EVERY_MS = 500;

export function createPublisher({ log, clock, telemetry, witness, deadlineMs }: PublisherOptions): Publisher {
  const pending = new Map<string, { readonly kind: "keys" | "touch"; readonly write: Announced }>();
  const drained = new Set<() => void>();
  let timer: Timer | undefined;
  let retrying = false;
  let closed = false;

  const append = async (of: Announcement): Promise<Position> => {
    const before = witness.highest;
    const at = await log.append("announcement", encodeMessage(of), { id: messageId(of), deadlineMs });
    if (checkStored(witness, before, at))
      telemetry.event("responder-rollback", { epoch: at.epoch, sequence: at.sequence });
    return at;
  };

  const publish: Publisher["publish"] = async (kind, write) => {
    const stored = await Promise.all(write.parts.map((part) => append(announce(kind, part, write))));
    return stored.reduce((last, at) => (at.sequence > last.sequence ? at : last));
  };

  const retry = async (): Promise<void> => {
    if (retrying) return;
    retrying = true;
    for (const [id, { kind, write }] of [...pending]) {
      try {
        await publish(kind, write);
        pending.delete(id);
        telemetry.event("write-announced-late", { kind });
      } catch {
        break; // the log is away: all the others would wait as long
      }
    }
    retrying = false;
    if (pending.size > 0) retryLater();
    else for (const tell of drained) tell();
  };

  const retryLater = (): void => {
    if (closed) return;
    timer?.cancel();
    timer = clock.after(RETRY_EVERY_MS, () => void retry());
  };

  return {
    publish,
    keepPublishing: (kind, write) => {
      const kept = pending.size < MAX_PENDING ? write : onTables(write);
      pending.set(`${kept.id}.${kind}`, { kind, write: kept });
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

/** Without room for its names, a write is announced by its tables; writes of the same tables then share one announcement. */
function onTables(write: Announced): Announced {
  const about = write.parts[0]?.about ?? [];
  const part: Part = { part: 1, parts: 1, keys: [], partitions: [], tables: [...about], about: [...about] };
  return { ...write, id: `tables-${about.join("-")}`.slice(0, 64), parts: [part] };
}
