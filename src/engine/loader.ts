import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { abandonLoad, beginLoad, finishLoad, type Load } from "../protocol/load.ts";
import { catalogOf } from "../spec/catalog.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Counters } from "./counters.ts";
import type { Entries, Held } from "./entries.ts";
import { UndeclaredKeyError } from "./errors.ts";
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
}

/** Reads the value of a key for a load: rows from the store, or a view through other keys. */
export type ReadValue = (wanted: Wanted, load: Load, context: LoadContext) => Promise<Found>;

export interface LoadContext {
  /** True if this load only answers: currency is not proven. */
  readonly bypass: boolean;
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
    const held: Held = { ...rendered, partial: found.partial, copy: load.copy, ...lifeOf(wanted, load, found) };
    const refused = context.bypass
      ? "unproven"
      : (found.unkept ?? (held.expiresAtMs <= clock.now().monotonicMs ? "expired" : undefined));
    if (refused !== undefined) abandonLoad(state, load);
    else if (!finishLoad(state, load)) {
      counters.raced++;
      return { held, stored: false, detail: "raced" };
    } else if (entries.store(wanted.keyText, held)) {
      counters.stored++;
      return { held, stored: true, detail: undefined };
    }
    return { held, stored: false, detail: refused ?? "too-large" };
  };

  const lifeOf = (
    wanted: Wanted,
    load: Load,
    found: Found,
  ): Pick<Held, "expiresAtMs" | "expiresAtWallMs" | "refreshAtMs" | "cellsEndAtMs"> => {
    const jittered = (wanted.key.options.ttlMs ?? options.ttlMs) * (1 - JITTER * options.entropy.fraction());
    const boundMs = Math.min(found.livesMs, load.ttlCapMs ?? Number.POSITIVE_INFINITY);
    const lifeMs = Math.min(jittered, boundMs);
    const { monotonicMs, wallMs } = load.startedAt;
    return {
      expiresAtMs: monotonicMs + lifeMs,
      expiresAtWallMs: wallMs + lifeMs,
      refreshAtMs: monotonicMs + lifeMs * (1 - EARLY),
      cellsEndAtMs: monotonicMs + boundMs,
    };
  };

  return {
    load: async (wanted, now, context) => {
      assertDeclared(options, wanted);
      const subject = subjectOf(wanted.key, wanted.keyText, wanted.params);
      const consistency = wanted.key.options.consistency ?? options.consistency;
      const load = beginLoad(state, subject, consistency, !context.bypass, now);
      const landing = run(wanted, load, context);
      flights.add(load, context.bypass, landing);
      return landing;
    },
  };
}

function assertDeclared({ keys }: ResolvedOptions, { key, keyText }: Wanted): void {
  if (catalogOf(keys).nameOf(key) !== undefined) return;
  throw new UndeclaredKeyError(
    `${keyText} is of a key that this cache was not given`,
    "Add it to defineKeys: writes announce declared keys only",
  );
}
