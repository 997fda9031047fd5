import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import type { LogExtent } from "../../ports/invalidation-log.ts";
import { epoch } from "../../protocol/position.ts";
import { MemoryLogConnection, type MemoryLogHub, type MemoryLogParticipant } from "./memory-log-connection.ts";
import { MemoryLogRecords } from "./memory-log-records.ts";

const DEFAULT_MAX_RECORDS = 100_000;

export interface MemoryLogOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** How many records are kept; the oldest go first. Default 100,000. */
  readonly maxRecords?: number | undefined;
}

/** An invalidation log in this process, for demos, tests and the simulator. Nothing goes wrong with it but what one asks for. */
export interface MemoryLog {
  /** A participant's own way to the log, connected. */
  connect(): MemoryLogParticipant;
  readonly extent: LogExtent;
  /** Begins the log anew: another epoch, sequences from 1, as after the stream was deleted. */
  recreate(): void;
  /** Loses the records after `keepUpTo`; their sequences are given again, as after a disk was set back. */
  truncate(keepUpTo: number): void;
  /** Drops the records up to `upTo`, as retention does. */
  purge(upTo: number): void;
}

/** Creates an empty log. */
export function createMemoryLog({ clock, entropy, maxRecords = DEFAULT_MAX_RECORDS }: MemoryLogOptions): MemoryLog {
  const begin = () => new MemoryLogRecords(epoch(entropy.id()), clock, maxRecords);
  const participants = new Set<MemoryLogConnection>();
  let records = begin();
  let asked = 0;

  const hub: MemoryLogHub = {
    clock,
    append(body, id) {
      const { at, stored } = records.append(body, id);
      if (stored !== undefined) for (const participant of participants) participant.hear(stored);
      return at;
    },
    read: (from, limit) => records.read(from, limit),
    nextResponder() {
      const ready = [...participants].flatMap((participant) => participant.responders);
      return ready[asked++ % Math.max(1, ready.length)];
    },
    introductions: () => [...participants].flatMap((participant) => participant.introductions),
    leave: (participant) => void participants.delete(participant),
  };

  return {
    connect() {
      const participant = new MemoryLogConnection(hub);
      participants.add(participant);
      return participant;
    },
    get extent() {
      return records.extent;
    },
    recreate() {
      records = begin();
    },
    truncate: (keepUpTo) => records.truncate(keepUpTo),
    purge: (upTo) => records.purge(upTo),
  };
}
