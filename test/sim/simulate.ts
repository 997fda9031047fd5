import type { Core } from "../model/core.ts";
import type { Chance } from "./chance.ts";
import { createSimCache, type SimCache } from "./sim-reads.ts";
import { createSimResponder } from "./sim-responder.ts";
import { anyKey, createSim, happens, recreateLog, type Sim, type SimOptions, TIMES } from "./sim-world.ts";
import { startWrite } from "./sim-writers.ts";

/** What came of one schedule. */
export interface Outcome {
  readonly violation: string | undefined;
  readonly events: number;
  readonly hits: number;
  readonly answers: number;
  readonly acknowledged: number;
  readonly hash: number;
  readonly trace: readonly string[];
}

/** How long things go wrong; and then how long everything is left alone, until every window has ended. */
const BUSY_MS = 1_500;
const REST_MS = 3 * (TIMES.fenceMs + TIMES.settleMs) + 600;

/** One schedule: two frontends, a few writers, a log and a database, and whatever chance does to them. The same chance, the same schedule. */
export function simulate(core: Core, chance: Chance, options: SimOptions = {}): Outcome {
  const sim = createSim(core, chance, options);
  const responders = ["p", "q"].map((name) => createSimResponder(sim, name));
  const caches = ["f1", "f2"].map((name) => createSimCache(sim, name, responders));
  for (const { frontend } of caches) frontend.connect();
  planWrites(sim, responders);
  planReads(sim, caches);
  planFaults(sim, caches);
  sim.agenda.runUntil(BUSY_MS + REST_MS, () => sim.violation !== undefined);
  sim.violation ??= atRest(sim, caches);
  if (sim.violation !== undefined) sim.say(`VIOLATION ${sim.violation}`);
  const sum = (of: (cache: SimCache) => number): number => caches.reduce((total, cache) => total + of(cache), 0);
  return {
    violation: sim.violation,
    events: sim.agenda.events,
    hits: sum((cache) => cache.hits),
    answers: sum((cache) => cache.answers),
    acknowledged: sim.acknowledged.length,
    hash: sim.hash,
    trace: sim.trace,
  };
}

function planWrites(sim: Sim, responders: readonly ReturnType<typeof createSimResponder>[]): void {
  const writes = 3 + sim.chance.int(6);
  for (let n = 1; n <= writes; n++) {
    const responder = responders[sim.chance.int(responders.length)];
    if (responder !== undefined)
      sim.agenda.after(sim.chance.int(BUSY_MS - 400), () => startWrite(sim, responder.witness, n));
  }
}

function planReads(sim: Sim, caches: readonly SimCache[]): void {
  const reads = 40 + sim.chance.int(60);
  for (let i = 0; i < reads; i++) {
    const cache = caches[sim.chance.int(caches.length)];
    const key = anyKey(sim);
    sim.agenda.after(sim.chance.int(BUSY_MS + TIMES.fenceMs), () => cache?.read(key));
  }
}

function planFaults(sim: Sim, caches: readonly SimCache[]): void {
  const faults = sim.chance.int(5);
  for (let i = 0; i < faults; i++) {
    const kind = sim.chance.int(5);
    const cache = caches[sim.chance.int(caches.length)];
    const atMs = sim.chance.int(BUSY_MS - 300);
    const lastsMs = 1 + sim.chance.int(300);
    if (cache !== undefined) sim.agenda.after(atMs, () => fault(sim, kind, cache, lastsMs, caches));
  }
}

function fault(sim: Sim, kind: number, { frontend }: SimCache, lastsMs: number, all: readonly SimCache[]): void {
  const { agenda, log } = sim;
  if (kind === 0) {
    frontend.disconnect();
    agenda.after(lastsMs, () => frontend.connect());
  } else if (kind === 1) frontend.standStill(lastsMs);
  else if (kind === 2) frontend.shiftWall(happens(sim, 2) ? -lastsMs : lastsMs);
  else if (kind === 3) {
    sim.say("THE LOG IS DOWN");
    log.isDown = true;
    for (const cache of all) cache.frontend.disconnect();
    agenda.after(lastsMs, () => {
      log.isDown = false;
      for (const cache of all) cache.frontend.connect();
    });
  } else recreateLog(sim);
}

/** I2 and I3, and L1: two frontends that were left alone for long must hit, and hit what the database holds. */
function atRest({ agenda, violation }: Sim, caches: readonly SimCache[]): string | undefined {
  if (violation !== undefined) return violation;
  for (const cache of caches) {
    const differing = cache.differing();
    if (differing !== undefined) return `I2/I3: at rest ${differing}`;
    const hits = cache.hits;
    // Now and then a proof is late, and a read goes past the cache: not time after time.
    for (let tries = 0; tries < 8 && cache.hits === hits; tries++) {
      cache.read("k0");
      agenda.runUntil(agenda.nowMs + 150, () => false);
    }
    if (cache.hits === hits) return `L1: at rest ${cache.frontend.name} does not hit`;
  }
  return undefined;
}
