import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../sim/chance.ts";
import type { Findings } from "../judge/findings.ts";
import type { History } from "../judge/history.ts";
import type { Judge } from "../judge/judge.ts";
import type { Positions } from "../judge/positions.ts";
import { FIRST_NUMBER } from "../town/settlers.ts";
import type { Town } from "../town/town.ts";
import { createReader } from "./reader.ts";
import type { Tally } from "./tally.ts";
import { createWriter, type Writer } from "./writer.ts";

/** A process that clients talk to. */
export interface Served {
  readonly name: string;
  readonly url: string;
  /** Another one after a restart. */
  readonly pid: number;
}

/** Everything that clients have in common. */
export interface Common {
  readonly town: Town;
  readonly backends: readonly Served[];
  readonly frontends: readonly Served[];
  readonly history: History;
  readonly positions: Positions;
  readonly judge: Judge;
  readonly findings: Findings;
  readonly tally: Tally;
  readonly underWay: UnderWay;
  readonly chance: Chance;
  readonly now: () => number;
}

/** How many writes each backend has not answered yet. */
export type UnderWay = Map<Served, number>;

/** Clients that write the town, each circle its own, and read it from every frontend. */
export interface Clients {
  start(): void;
  /** Resolves when the last write has ended, and what was read back of it is answered. Throws after a deadline. */
  stopWriting(): Promise<void>;
  /** Resolves when the last read has ended. Throws after a deadline. */
  stopReading(): Promise<void>;
}

/**
 * Each frontend is asked at this pace, whether it answers or not: requests lie in a process that stands still, and are the first when it
 * goes on; and a read that hangs keeps no other from being tried.
 */
const BETWEEN_READS_MS = 6;
const MAX_WAITING = 300;
/** More than a millisecond: writes of one row through two backends are told apart by their timestamps. */
const BETWEEN_WRITES_MS = 250;

/** More than a few requests to a process that stands still may take, one after the other. */
const STOP_WITHIN_MS = 150_000;

export function createClients(common: Common): Clients {
  const ended = { writing: Promise.resolve<unknown>(undefined), reading: Promise.resolve<unknown>(undefined) };
  const on = { writing: false, reading: false };
  const { chance, frontends, town } = common;
  const reader = createReader(common);
  let number = FIRST_NUMBER;
  const nextNumber = (): number => number++;
  const around = (ms: number): number => ms / 2 + chance.int(ms);

  const readOn = async (frontend: Served): Promise<void> => {
    const waiting = new Set<Promise<void>>();
    while (on.reading) {
      if (waiting.size < MAX_WAITING) {
        const one: Promise<void> = reader.readSomething(frontend).finally(() => waiting.delete(one));
        waiting.add(one);
      }
      await pause(around(BETWEEN_READS_MS));
    }
    await Promise.all(waiting);
  };
  const writeOn = async (writer: Writer): Promise<void> => {
    while (on.writing) {
      await writer.writeSomething();
      await pause(around(BETWEEN_WRITES_MS));
    }
    await writer.hasRead();
  };

  return {
    start: () => {
      on.reading = true;
      on.writing = true;
      const writers = town.circles.map((circle, i) =>
        createWriter(common, { name: `writer ${i + 1}`, circle, reader, nextNumber }),
      );
      ended.writing = Promise.all(writers.map(writeOn));
      ended.reading = Promise.all(frontends.map(readOn));
    },
    stopWriting: async () => {
      on.writing = false;
      await endedInTime("writing", ended.writing);
    },
    stopReading: async () => {
      on.reading = false;
      await endedInTime("reading", ended.reading);
    },
  };
}

async function endedInTime(what: string, ended: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const tooLate = pause(STOP_WITHIN_MS, true, { signal: timer.signal });
  try {
    if ((await Promise.race([ended, tooLate])) === true) throw new Error(`clients did not stop ${what} in time`);
  } finally {
    timer.abort();
  }
}
