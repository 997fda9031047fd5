import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { isProven } from "../protocol/load.ts";
import { proofAgeMs } from "../protocol/proof.ts";
import { catalogOf } from "../spec/catalog.ts";
import type { AnyKey } from "../spec/key.ts";
import type { Audit } from "./audit.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Counters } from "./counters.ts";
import type { Entries, Held } from "./entries.ts";
import { ClosedError, UndeclaredKeyError } from "./errors.ts";
import type { Flights, Landed } from "./flights.ts";
import type { LoadContext, Loader } from "./loader.ts";
import type { Source } from "./near-cache.ts";
import { currentEntry, type Peek } from "./peek.ts";
import { wantedOf } from "./wanted.ts";

/** A value, and how it was come by. */
export interface Obtained {
  readonly held: Held;
  readonly source: Source;
  readonly stored: boolean;
  readonly detail: string | undefined;
  /** Everything that the log acknowledged before this moment is in the value. */
  readonly asOf: Instant;
}

/** What is asked for from memory. */
export interface Asked {
  readonly key: AnyKey;
  readonly keyText: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly arrivedAt: Instant;
}

export interface Request extends Asked {
  readonly context: LoadContext;
  /** Read the database, whatever is held. */
  readonly fresh: boolean;
}

export const TOP: LoadContext = { bypass: undefined, above: [] };

/** Gets a value the cheapest way that is allowed: held, joined, loaded; without proof, labelled or past the cache. */
export interface Obtain {
  /** What is held, if it may be served; else undefined. Allocates nothing, unless it is sampled by the audit or near its end: then a load begins, too. */
  hit(key: AnyKey, keyText: string, params: Asked["params"], arrivedAt: Instant): Held | undefined;
  /** Throws `UndeclaredKeyError`, `ClosedError`, `AssumptionError`, and what the load throws. */
  get(request: Request): Promise<Obtained>;
  /** For a request whose position is not applied: read now, for it alone, because whatever began before it came may be too old. Throws as `get`. */
  behind(request: Request): Promise<Obtained>;
}

export interface ObtainOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly options: ResolvedOptions;
  readonly entries: Entries;
  readonly flights: Flights;
  readonly counters: Counters;
  readonly loader: Loader;
  readonly peek: Peek;
  readonly audit: Pick<Audit, "wants" | "take">;
  /** Why nothing may be read. */
  readonly refusal: () => Error | undefined;
}

/** The pause between two early loads of one entry: where they fail, or are not kept, every hit would begin another. */
const REFRESH_AGAIN_MS = 1_000;
const NEVER: Instant = { monotonicMs: Number.NEGATIVE_INFINITY, wallMs: Number.NEGATIVE_INFINITY };

export function createObtain(parts: ObtainOptions): Obtain {
  const { state, clock, entries, flights, counters, loader, peek, audit, refusal } = parts;
  const catalog = catalogOf(parts.options.keys);

  const load = async (asked: Asked, context: LoadContext, source: Source): Promise<Obtained> => {
    const wanted = wantedOf(asked.key, asked.keyText, asked.params);
    return obtained(await loader.load(wanted, clock.now(), context), source);
  };

  const withoutProof = async (request: Request): Promise<Obtained> => {
    const { context, fresh, keyText, arrivedAt } = request;
    const labelled = fresh || context.bypass ? undefined : labelledEntry(parts, request);
    if (labelled !== undefined) {
      counters.unprovenHits++;
      return fromMemory(labelled, "unproven", "unproven");
    }
    counters.bypasses++;
    const joined = fresh ? undefined : flights.joinBypass(keyText, arrivedAt);
    if (joined !== undefined) return obtained(await joined, "bypass");
    return load(request, { ...context, bypass: "unproven" }, "bypass");
  };

  const fromMemory = (held: Held, source: Source, detail: string | undefined): Obtained => ({
    held,
    source,
    stored: true,
    detail,
    asOf: state.proof.provenAt ?? NEVER,
  });

  const refreshEarly = (asked: Asked, held: Held): void => {
    if (flights.join(asked.keyText) !== undefined) return;
    held.refreshAtMs = asked.arrivedAt.monotonicMs + REFRESH_AGAIN_MS;
    load(asked, TOP, "refresh").catch(() => {}); // counted as a load error; the entry serves until its end
  };

  const hit: Obtain["hit"] = (key, keyText, params, arrivedAt) => {
    if (catalog.nameOf(key) === undefined) return undefined; // another key may have the same text
    const held = peek(keyText, arrivedAt);
    if (held === undefined) return undefined;
    if (arrivedAt.monotonicMs >= held.refreshAtMs) refreshEarly({ key, keyText, params, arrivedAt }, held);
    if (audit.wants) audit.take({ key, keyText, params, arrivedAt }, held);
    return held;
  };

  const get = async (request: Request, mayJoinTouched: boolean): Promise<Obtained> => {
    const { key, keyText, arrivedAt, context, fresh } = request;
    const held = fresh || context.bypass ? undefined : hit(key, keyText, request.params, arrivedAt);
    if (held !== undefined) return fromMemory(held, "hit", undefined);
    assertReadable(request);
    if (context.bypass === "min-position") return behind(request);
    if (context.bypass || !isProven(state, arrivedAt)) return withoutProof(request);
    if (fresh) return load(request, context, "refresh");
    const flight = flights.join(keyText);
    if (flight !== undefined) {
      counters.joined++;
      const landed = await flight;
      // Touched, perhaps before this request came: ask again. What is found or joined then began after it came.
      return landed.touched && !mayJoinTouched ? get(request, true) : obtained(landed, "joined");
    }
    counters.misses++;
    return load(request, context, "miss");
  };

  const assertReadable = ({ key, keyText }: Asked): void => {
    if (catalog.nameOf(key) === undefined) throw undeclared(keyText);
    if (entries.closed) throw new ClosedError("the cache is closed", "Make a new one");
    const refused = refusal();
    if (refused !== undefined) throw refused;
  };

  const behind: Obtain["behind"] = async (request) => {
    assertReadable(request);
    counters.behind++;
    return load(request, { ...request.context, bypass: "min-position" }, "behind");
  };

  return { hit, get: (request) => get(request, false), behind };
}

const obtained = ({ held, stored, detail, asOf }: Landed, source: Source): Obtained => ({
  held,
  source,
  stored,
  detail,
  asOf,
});

/** What may be served for a while without proof, because the key says so: the answer is labelled. */
function labelledEntry({ state, entries, options }: ObtainOptions, { key, keyText, arrivedAt }: Asked) {
  const policy = key.options.onUnproven ?? options.onUnproven;
  if (policy === "bypass") return undefined;
  const held = currentEntry(state, entries, keyText, arrivedAt);
  return proofAgeMs(state.proof, arrivedAt) <= state.settings.boundMs + policy.labelMs ? held : undefined;
}

const undeclared = (keyText: string): UndeclaredKeyError =>
  new UndeclaredKeyError(
    `${keyText} is of a key that this cache was not given`,
    "Add it to defineKeys: writes announce declared keys only",
  );
