import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { isProven } from "../protocol/load.ts";
import { proofAgeMs } from "../protocol/proof.ts";
import type { AnyKey } from "../spec/key.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Counters } from "./counters.ts";
import type { Entries, Held } from "./entries.ts";
import type { Flights, Landed } from "./flights.ts";
import type { LoadContext, Loader } from "./loader.ts";
import type { Source } from "./near-cache.ts";
import { currentEntry, type Peek } from "./peek.ts";
import { type Wanted, wantedOf } from "./wanted.ts";

/** A value, and how it was come by. */
export interface Obtained {
  readonly held: Held;
  readonly source: Source;
  readonly stored: boolean;
  readonly detail: string | undefined;
}

export interface Request {
  readonly key: AnyKey;
  readonly keyText: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly arrivedAt: Instant;
  readonly context: LoadContext;
  /** Read the database, whatever is held. */
  readonly fresh: boolean;
}

export const TOP: LoadContext = { bypass: false, above: [] };

/** Gets a value the cheapest way that is allowed: held, joined, loaded; without proof, labelled or past the cache. */
export type Obtain = (request: Request) => Promise<Obtained>;

export interface ObtainOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly options: ResolvedOptions;
  readonly entries: Entries;
  readonly flights: Flights;
  readonly counters: Counters;
  readonly loader: Loader;
  readonly peek: Peek;
}

export function createObtain(parts: ObtainOptions): Obtain {
  const { state, clock, flights, counters, loader, peek } = parts;

  const load = async (request: Request, bypass: boolean, source: Source): Promise<Obtained> => {
    const wanted: Wanted = wantedOf(request.key, request.keyText, request.params);
    return obtained(await loader.load(wanted, clock.now(), { ...request.context, bypass }), source);
  };

  const withoutProof = async (request: Request): Promise<Obtained> => {
    const labelled = request.fresh || request.context.bypass ? undefined : labelledEntry(parts, request);
    if (labelled !== undefined) {
      counters.unprovenHits++;
      return { held: labelled, source: "unproven", stored: true, detail: "unproven" };
    }
    counters.bypasses++;
    const joined = request.fresh ? undefined : flights.joinBypass(request.keyText, request.arrivedAt);
    return joined === undefined ? load(request, true, "bypass") : obtained(await joined, "bypass");
  };

  const refreshEarly = (request: Request, held: Held): void => {
    if (request.arrivedAt.monotonicMs < held.refreshAtMs || flights.join(request.keyText) !== undefined) return;
    load(request, false, "refresh").catch(() => {}); // counted as a load error; the entry serves until its end
  };

  return async (request) => {
    const hit = request.fresh || request.context.bypass ? undefined : peek(request.keyText, request.arrivedAt);
    if (hit !== undefined) {
      refreshEarly(request, hit);
      return { held: hit, source: "hit", stored: true, detail: undefined };
    }
    if (request.context.bypass || !isProven(state, request.arrivedAt)) return withoutProof(request);
    if (request.fresh) return load(request, false, "refresh");
    const flight = flights.join(request.keyText);
    if (flight !== undefined) {
      counters.joined++;
      return obtained(await flight, "joined");
    }
    counters.misses++;
    return load(request, false, "miss");
  };
}

const obtained = ({ held, stored, detail }: Landed, source: Source): Obtained => ({ held, source, stored, detail });

/** What may be served for a while without proof, because the key says so: the answer is labelled. */
function labelledEntry(
  { state, entries, options }: ObtainOptions,
  { key, keyText, arrivedAt }: Request,
): Held | undefined {
  const policy = key.options.onUnproven ?? options.onUnproven;
  if (policy === "bypass") return undefined;
  const held = currentEntry(state, entries, keyText, arrivedAt);
  return proofAgeMs(state.proof, arrivedAt) <= state.settings.boundMs + policy.labelMs ? held : undefined;
}
