import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "../../../docker/stack/children.ts";
import type { Chance } from "../../sim/chance.ts";
import type { Fault, Ground, Running } from "../faults/fault.ts";
import type { Findings } from "../judge/findings.ts";
import type { Positions } from "../judge/positions.ts";
import { WHOLE } from "../links/link-state.ts";

/** What was done to the deployment, and what shows it. */
export interface Timeline {
  /** Breaks these at the same time, mends them, waits until all is calm, and gathers the evidence. */
  play(faults: readonly Fault[]): Promise<void>;
  /** One after the other. */
  playInOrder(faults: readonly Fault[]): Promise<void>;
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
  /** Told when everything is whole and ready again, after each fault. */
  readonly onCalm: () => Promise<void>;
  readonly tell: (event: string) => void;
  readonly signal: AbortSignal;
}

const CALM_WITHIN_MS = 120_000;
const REST_MS = 3_000;
const APART_MS = 1_000;

export function createTimeline(options: TimelineOptions): Timeline {
  const { chance, signal } = options;
  const played = new Map<string, Played>();
  const play = player(options, played);
  const rest = (): Promise<void> => pause(REST_MS, undefined, { signal });
  return {
    play,
    played,
    playInOrder: async (faults) => {
      for (const fault of faults) {
        await play([fault]);
        await rest();
      }
    },
    playFor: async (durationMs) => {
      const end = performance.now() + durationMs;
      let deck: Fault[] = [];
      while (performance.now() < end) {
        if (deck.length === 0) deck = shuffled(options.faults, chance);
        const first = deck.pop();
        if (first === undefined) return;
        const second = chance.int(3) === 0 ? deck.findIndex((fault) => mayJoin(fault, first)) : -1;
        await play([first, ...(second < 0 ? [] : deck.splice(second, 1))]);
        await rest();
      }
    },
  };
}

/** Plays some faults at the same time, and notes their evidence. */
function player(options: TimelineOptions, played: Map<string, Played>): Timeline["play"] {
  const { ground, positions, findings, boundMs, lastsMs, tell, signal } = options;

  const sleep = (ms: number): Promise<void> => pause(ms, undefined, { signal });

  const breakAndMend = async (fault: Fault): Promise<Running> => {
    const running = await fault.begin(ground);
    tell(`${fault.name}: ${running.what}`);
    await sleep(lastsMs ?? (fault.lasts === "past the bound" ? 2 * boundMs : boundMs / 2));
    await running.end();
    tell(`${fault.name}: mended`);
    return running;
  };

  /** The evidence that it happened; that there is none, also because it could not be begun or ended, is a finding. */
  const gather = async (fault: Fault, broken: PromiseSettledResult<Running>): Promise<void> => {
    try {
      if (broken.status === "rejected") throw broken.reason;
      const evidence = await broken.value.evidence();
      played.set(fault.name, { times: (played.get(fault.name)?.times ?? 0) + 1, evidence });
    } catch (error) {
      signal.throwIfAborted();
      findings.add("no evidence", `${fault.name}: ${String(error)}`);
    }
  };

  const untilCalm = async (): Promise<void> => {
    await mendAll(ground);
    await Promise.all(ground.processes.all.map((one) => one.untilReady(CALM_WITHIN_MS, true)));
    tell("calm");
    await options.onCalm();
  };

  return async (faults) => {
    const setBack = faults.filter(({ setsLogBack }) => setsLogBack);
    for (const _ of setBack) positions.distrust();
    const begun = faults.map(async (fault, i) => {
      await sleep(i * APART_MS);
      return breakAndMend(fault);
    });
    const broken = await Promise.allSettled(begun);
    signal.throwIfAborted();
    // Until then a frontend may hold a proof from before the log was set back, and not know.
    if (setBack.length > 0) await sleep(boundMs);
    await untilCalm();
    for (const _ of setBack) positions.trustAgain();
    await Promise.all(faults.map((fault, i) => gather(fault, at(broken, i))));
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

/** Nothing is held back, stands still or is gone, also after a fault that failed half way. */
async function mendAll({ servers, processes }: Ground): Promise<void> {
  for (const link of [...servers.cassandra.map((host) => host.link), ...processes.all.flatMap((one) => one.links)]) {
    link.set(WHOLE);
  }
  const all = [...servers.nats, ...servers.cassandra.map(({ node }) => node), ...processes.all];
  for (const one of all) one.resume();
  await Promise.all(all.filter(({ pid }) => !isAlive(pid)).map((one) => one.restart()));
}
