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
import { createWriter } from "./writer.ts";

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
  /** Resolves when the last write has ended. */
  stopWriting(): Promise<void>;
  /** Resolves when the last read has ended. */
  stopReading(): Promise<void>;
}

/** Readers of each frontend that wait for one answer before they ask again. */
const READERS = 3;
const BETWEEN_READS_MS = 15;
/** Another one asks on and on, answered or not: its requests lie in a process that stands still, and are the first when it goes on. */
const BETWEEN_IMPATIENT_READS_MS = 250;
const MAX_IMPATIENT = 200;
/** More than a millisecond: writes of one row through two backends are told apart by their timestamps. */
const BETWEEN_WRITES_MS = 250;

export function createClients(common: Common): Clients {
  const ended = { writing: Promise.resolve<unknown>(undefined), reading: Promise.resolve<unknown>(undefined) };
  const on = { writing: false, reading: false };
  const { chance, frontends, town } = common;
  const reader = createReader(common);
  let number = FIRST_NUMBER;
  const nextNumber = (): number => number++;
  const around = (ms: number): number => ms / 2 + chance.int(ms);

  const readOn = async (frontend: Served): Promise<void> => {
    while (on.reading) {
      await reader.readSomething(frontend);
      await pause(around(BETWEEN_READS_MS));
    }
  };
  const readImpatiently = async (frontend: Served): Promise<void> => {
    const waiting = new Set<Promise<void>>();
    while (on.reading) {
      if (waiting.size < MAX_IMPATIENT) {
        const one: Promise<void> = reader.readSomething(frontend).finally(() => waiting.delete(one));
        waiting.add(one);
      }
      await pause(around(BETWEEN_IMPATIENT_READS_MS));
    }
    await Promise.all(waiting);
  };
  const writeOn = async (writeSomething: () => Promise<void>): Promise<void> => {
    while (on.writing) {
      await writeSomething();
      await pause(around(BETWEEN_WRITES_MS));
    }
  };

  return {
    start: () => {
      on.reading = true;
      on.writing = true;
      const writers = town.circles.map((circle, i) =>
        createWriter(common, { name: `writer ${i + 1}`, circle, reader, nextNumber }),
      );
      const readers = frontends.flatMap((frontend) => [
        ...Array.from({ length: READERS }, () => readOn(frontend)),
        readImpatiently(frontend),
      ]);
      ended.writing = Promise.all(writers.map((writer) => writeOn(writer.writeSomething)));
      ended.reading = Promise.all(readers);
    },
    stopWriting: async () => {
      on.writing = false;
      await ended.writing;
    },
    stopReading: async () => {
      on.reading = false;
      await ended.reading;
    },
  };
}
