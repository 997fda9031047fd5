import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../sim/chance.ts";
import type { Fault, Ground, Running } from "../faults/fault.ts";
import type { Findings } from "../judge/findings.ts";
import type { Positions } from "../judge/positions.ts";
import { WHOLE } from "../links/link-state.ts";

/** What was done to the deployment, and what shows it. */
export interface Timeline {
  /** Breaks these at the same time, mends them, waits until all is calm, and gathers the evidence. */
  play(faults: readonly Fault[]): Promise<void>;
  /** Faults by chance, alone and in pairs, until the time is up; each once before any comes again. */
  playFor(durationMs: number): Promise<void>;
  readonly played: ReadonlyMap<string, Played>;
}

export interface Played {
  readonly times: number;
  /** Of the last time. */
  readonly evidence: readonly string[];
}

export interface TimelineOptions {
  readonly ground: Ground;
  readonly positions: Positions;
  readonly findings: Findings;
  readonly boundMs: number;
  readonly lastsMs: number | undefined;
  /** Those to choose from. */
  readonly faults: readonly Fault[];
  readonly chance: Chance;
  readonly tell: (event: string) => void;
  readonly signal: AbortSignal;
}

const CALM_WITHIN_MS = 120_000;
const REST_MS = 3_000;
const APART_MS = 1_000;

export function createTimeline(options: TimelineOptions): Timeline {
  const { ground, positions, findings, boundMs, lastsMs, chance, tell, signal } = options;
  const played = new Map<string, Played>();

  const sleep = (ms: number): Promise<void> => pause(ms, undefined, { signal });

  const breakAndMend = async (fault: Fault): Promise<Running> => {
    const running = await fault.begin(ground);
    tell(`${fault.name}: ${running.what}`);
    await sleep(lastsMs ?? (fault.lasts === "past the bound" ? 2 * boundMs : boundMs / 2));
    await running.end();
    tell(`${fault.name}: mended`);
    return running;
  };

  const gather = async (fault: Fault, running: Running): Promise<void> => {
    try {
      const evidence = await running.evidence();
      played.set(fault.name, { times: (played.get(fault.name)?.times ?? 0) + 1, evidence });
    } catch (error) {
      findings.add("no evidence", `${fault.name}: ${running.what}: ${String(error)}`);
    }
  };

  const untilCalm = async (): Promise<void> => {
    await Promise.all(ground.processes.all.map((one) => one.untilReady(CALM_WITHIN_MS, true)));
    tell("calm");
  };

  const play = async (faults: readonly Fault[]): Promise<void> => {
    const setBack = faults.filter(({ setsLogBack }) => setsLogBack);
    for (const _ of setBack) positions.distrust();
    try {
      const running = await Promise.all(
        faults.map(async (fault, i) => {
          await sleep(i * APART_MS);
          return breakAndMend(fault);
        }),
      );
      await untilCalm();
      await Promise.all(faults.map((fault, i) => gather(fault, at(running, i))));
    } finally {
      for (const _ of setBack) positions.trustAgain();
      mendAll(ground);
    }
    await sleep(REST_MS);
  };

  return {
    play,
    played,
    playFor: async (durationMs) => {
      const end = performance.now() + durationMs;
      let deck: Fault[] = [];
      while (performance.now() < end) {
        if (deck.length === 0) deck = shuffled(options.faults, chance);
        const first = deck.pop();
        if (first === undefined) return;
        const second = chance.int(3) === 0 ? deck.findIndex((fault) => mayJoin(fault, first)) : -1;
        await play([first, ...(second < 0 ? [] : deck.splice(second, 1))]);
      }
    },
  };
}

const mayJoin = (a: Fault, b: Fault): boolean => !a.breaks.some((part) => b.breaks.includes(part));

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(chance.int(left.length), 1));
}

function at<T>(list: readonly T[], i: number): T {
  const found = list[i];
  if (found === undefined) throw new RangeError(`nothing at ${i}`);
  return found;
}

/** After a fault that failed half way: nothing is held back or stands still. */
function mendAll({ servers, processes }: Ground): void {
  for (const link of [...servers.cassandra.map((host) => host.link), ...processes.all.flatMap((one) => one.links)]) {
    link.set(WHOLE);
  }
  for (const one of [...servers.nats, ...servers.cassandra.map(({ node }) => node), ...processes.all]) one.resume();
}
