import type { Copy } from "../../src/protocol/copy.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Load } from "../../src/protocol/load.ts";
import type { Subject } from "../../src/protocol/names.ts";
import { createSimFrontend, type SimFrontend } from "./sim-frontend.ts";
import type { SimResponder } from "./sim-responder.ts";
import { delay, happens, newestOf, type Sim, TIMES, versionOf } from "./sim-world.ts";

/** A frontend with its cache: reads as the engine does them. */
export interface SimCache {
  readonly frontend: SimFrontend;
  read(key: string): void;
  /** At rest: an entry that would be served and is not what the database holds. */
  differing(): string | undefined;
  readonly hits: number;
  readonly answers: number;
}

interface Entry {
  readonly copy: Copy;
  readonly version: number;
}

interface Request {
  readonly key: string;
  readonly arrivedAt: Instant;
  /** What the answer must at least reflect: I1r by what was applied when it came, I4 by what was acknowledged B before. */
  readonly applied: number;
  readonly bound: number;
}

interface Flight {
  readonly load: Load;
  readonly keep: boolean;
  readonly joined: Request[];
}

const subjectOf = (key: string): Subject => ({ key, partitions: [`t/${key}`], tables: ["t"] });

export function createSimCache(sim: Sim, name: string, responders: readonly SimResponder[]): SimCache {
  const { core, agenda, database } = sim;
  const entries = new Map<string, Entry>();
  const flights: Flight[] = [];
  let hits = 0;
  let answers = 0;

  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    core.coherence.releaseCopy(frontend.state.coherence, entry.copy);
  };
  const frontend = createSimFrontend(sim, { name, evict: drop, responders });
  const { state, now, run } = frontend;

  const answer = (request: Request, version: number, how: string): void => {
    answers++;
    sim.hash = (Math.imul(sim.hash, 31) + version * 8 + Math.round(agenda.nowMs)) | 0;
    sim.say(`${name} answers ${request.key} = ${version} (${how})`);
    if (version < request.applied)
      sim.violation ??= `I1r: ${name} answered ${request.key} = ${version} (${how}) though it had applied ${request.applied}`;
    if (version < request.bound)
      sim.violation ??= `I4: ${name} answered ${request.key} = ${version} (${how}) though ${request.bound} was acknowledged more than B before`;
  };

  const begin = (request: Request, keep: boolean): void => {
    const load = core.load.beginLoad(state, subjectOf(request.key), sim.weak ? "weak" : "strong", keep, now());
    const flight: Flight = { load, keep, joined: [] };
    flights.push(flight);
    agenda.after(delay(sim, 40), () => {
      const replicas = [database.leading, database.lagging].map((replica) => versionOf(replica, request.key));
      const version = load.level === "weak" ? (replicas[sim.chance.int(2)] ?? 0) : Math.max(...replicas);
      agenda.after(delay(sim, 60), () => run(() => land(request, flight, version)));
    });
  };

  const land = (request: Request, flight: Flight, version: number): void => {
    const { load, keep, joined } = flight;
    flights.splice(flights.indexOf(flight), 1);
    const touched = keep && core.load.wasTouched(state, load);
    if (!keep) core.load.abandonLoad(state, load);
    else if (core.load.finishLoad(state, load)) {
      drop(request.key);
      entries.set(request.key, { copy: load.copy, version });
    }
    answer(request, version, keep ? `${load.level} load` : "bypass");
    for (const waiting of joined) {
      if (touched) obtain(waiting);
      else answer(waiting, version, "joined");
    }
  };

  const obtain = (request: Request): void => {
    if (now().monotonicMs >= state.windows.nextEndMs) core.frontend.advance(state, now(), frontend.effects);
    const isProven = core.load.isProven(state, request.arrivedAt);
    const entry = entries.get(request.key);
    const isCurrent = entry !== undefined && core.coherence.isCurrent(state.coherence, entry.copy);
    if (entry !== undefined && !isCurrent) drop(request.key);
    if (entry !== undefined && isCurrent && isProven) {
      hits++;
      answer(request, entry.version, "hit");
      return;
    }
    const flight = isProven ? joinable(request.key) : flights.find((of) => mayJoinBypass(of, request));
    if (flight === undefined) begin(request, isProven);
    else flight.joined.push(request);
  };

  const joinable = (key: string): Flight | undefined => {
    const copy = core.load.flightToJoin(state, key);
    return copy && flights.find(({ load }) => load.copy === copy);
  };
  const mayJoinBypass = ({ keep, load }: Flight, { key, arrivedAt }: Request): boolean =>
    !keep && load.copy.subject.key === key && core.load.mayJoinBypass(state, load, arrivedAt);

  return {
    frontend,
    read: (key) =>
      run(() => {
        const { epoch, applied } = state.feed;
        const boundMs = agenda.nowMs - TIMES.boundMs;
        obtain({
          key,
          arrivedAt: now(),
          applied: newestOf(sim, key, ({ at }) => at.epoch === epoch && at.sequence <= applied),
          bound: newestOf(sim, key, ({ atMs }) => atMs < boundMs),
        });
        if (happens(sim, 40)) drop(key);
      }),
    differing: () => {
      for (const [key, { copy, version }] of entries) {
        const stored = versionOf(database.leading, key);
        if (core.coherence.isCurrent(state.coherence, copy) && version !== stored)
          return `${name} would answer ${key} = ${version}, the database holds ${stored}`;
      }
      return undefined;
    },
    get hits() {
      return hits;
    },
    get answers() {
      return answers;
    },
  };
}
