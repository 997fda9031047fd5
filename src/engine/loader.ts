import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { abandonLoad, beginLoad, finishLoad, type Load, wasTouched } from "../protocol/load.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Counters } from "./counters.ts";
import type { Entries, Held } from "./entries.ts";
import type { Flights, Landed } from "./flights.ts";
import { subjectOf } from "./subject.ts";
import { type Rendered, render } from "./value.ts";
import type { Wanted } from "./wanted.ts";

/** What reading a key found, before it is rendered. */
export interface Found {
  readonly value: unknown;
  /** True for a list cut at its bound. */
  readonly partial: boolean;
  /** How long the database lets it live, from the start of the load, in milliseconds; Infinity for ever. */
  readonly livesMs: number;
  /** Why it must not be kept; undefined if it may. */
  readonly unkept: string | undefined;
  /** False if anything was read at a level that may miss acknowledged writes. */
  readonly coherent: boolean;
  /** Everything that the log acknowledged before this moment is in the value: the start of the load, or earlier for a view that read what was held. */
  readonly asOf: Instant;
}

/** Reads the value of a key for a load: rows from the store, or a view through other keys. */
export type ReadValue = (wanted: Wanted, load: Load, context: LoadContext) => Promise<Found>;

/**
 * Why a load goes past the cache and only answers: currency is not proven; or the position asked for is not applied, and then not even a
 * load that began before the request came may be joined.
 */
export type Bypass = "unproven" | "min-position";

export interface LoadContext {
  readonly bypass: Bypass | undefined;
  /** The views that wait for this load, outermost first. */
  readonly above: readonly string[];
}

export interface Loader {
  /** Begins a load of this key, as of now, and stores what it brings if nothing touched it meanwhile. */
  load(wanted: Wanted, now: Instant, context: LoadContext): Promise<Landed>;
}

export interface LoaderOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly options: ResolvedOptions;
  readonly entries: Entries;
  readonly flights: Flights;
  readonly counters: Counters;
  readonly readValue: ReadValue;
}

/** Entries live between nine tenths and all of their TTL, so that what was loaded together does not expire together. */
const JITTER = 0.1;
/** In its last tenth an entry that is asked for is loaded anew. */
const EARLY = 0.1;

export function createLoader({ state, clock, options, entries, flights, counters, readValue }: LoaderOptions): Loader {
  const run = async (wanted: Wanted, load: Load, context: LoadContext): Promise<Landed> => {
    let found: Found;
    let rendered: Rendered;
    try {
      found = await readValue(wanted, load, context);
      rendered = render(found.value);
    } catch (error) {
      counters.loadErrors++;
      abandonLoad(state, load);
      throw error;
    }
    return land(wanted, load, context, found, rendered);
  };

  const land = (wanted: Wanted, load: Load, context: LoadContext, found: Found, rendered: Rendered): Landed => {
    const { partial, coherent } = found;
    const held: Held = { ...rendered, partial, coherent, copy: load.copy, ...lifeOf(wanted, load, found) };
    const refused =
      context.bypass ?? found.unkept ?? (held.expiresAtMs <= clock.now().monotonicMs ? "expired" : undefined);
    const touched = wasTouched(state, load);
    const { asOf } = found;
    if (refused === undefined && !finishLoad(state, load)) {
      counters.raced++;
      return { held, stored: false, detail: "raced", touched, asOf };
    }
    if (refused === undefined && entries.store(wanted.keyText, held)) {
      counters.stored++;
      return { held, stored: true, detail: undefined, touched, asOf };
    }
    abandonLoad(state, load);
    if (context.bypass === undefined) entries.drop(wanted.keyText, "replaced"); // what was held is older than what was just handed out
    return { held, stored: false, detail: refused ?? (entries.closed ? "closed" : "too-large"), touched, asOf };
  };

  const lifeOf = (
    wanted: Wanted,
    load: Load,
    found: Found,
  ): Pick<Held, "expiresAtMs" | "expiresAtWallMs" | "refreshAtMs" | "countsUntil"> => {
    const jittered = (wanted.key.options.ttlMs ?? options.ttlMs) * (1 - JITTER * options.entropy.fraction());
    const boundMs = Math.min(found.livesMs, load.ttlCapMs ?? Number.POSITIVE_INFINITY);
    const lifeMs = Math.min(jittered, boundMs);
    // A view's TTL is what its declaration says of sources that we hear nothing of: a view that reads it is bound by it, too.
    const countsMs = wanted.key.reading.kind === "view" ? lifeMs : boundMs;
    const { monotonicMs, wallMs } = load.startedAt;
    return {
      expiresAtMs: monotonicMs + lifeMs,
      expiresAtWallMs: wallMs + lifeMs,
      refreshAtMs: monotonicMs + lifeMs * (1 - EARLY),
      countsUntil: { monotonicMs: monotonicMs + countsMs, wallMs: wallMs + countsMs },
    };
  };

  return {
    load: async (wanted, now, context) => {
      const subject = subjectOf(wanted.key, wanted.keyText, wanted.params);
      const consistency = wanted.key.options.consistency ?? options.consistency;
      const keep = context.bypass === undefined;
      const load = beginLoad(state, subject, consistency, keep, now);
      const landing = run(wanted, load, context);
      flights.add(load, keep, landing);
      return landing;
    },
  };
}
