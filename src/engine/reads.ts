import type { Clock } from "../ports/clock.ts";
import { hasApplied, ownPosition, positionBehind } from "../protocol/asked-position.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import { ageMs } from "../protocol/instant.ts";
import type { Position } from "../protocol/position.ts";
import type { Key } from "../spec/key.ts";
import type { Held } from "./entries.ts";
import { ListTooLongError } from "./errors.ts";
import type { Answer, GetOptions, NearCache } from "./near-cache.ts";
import { type Obtain, type Obtained, type Request, TOP } from "./obtain.ts";
import { assertPage, type CutPage } from "./pages.ts";
import type { PositionWaits } from "./position-waits.ts";
import { asParams, typed, untyped } from "./wanted.ts";

export interface ReadsOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly obtain: Obtain;
  readonly cutPage: CutPage;
  readonly positions: Pick<PositionWaits, "until">;
  /** Asks for a proof now, and waits for it no longer than that. */
  readonly proveNow: (waitMs: number) => Promise<void>;
  readonly maxWaitMs: number;
}

export type Reads = Pick<NearCache, "get" | "getMany" | "refresh" | "answer" | "page">;

const PROVE_MS = 250;
/** No live feed is so many messages behind. */
const FAR_AHEAD = 1_000;

/** What was obtained, and the position to answer with. */
interface Reflecting {
  readonly obtained: Obtained;
  readonly position: Position | undefined;
}

/** The reading half of a near cache. */
export function createReads(options: ReadsOptions): Reads {
  const { state, clock, obtain, cutPage, positions, proveNow, maxWaitMs } = options;

  /** From memory if the position asked for is applied, at the latest after the wait; else read strongly. */
  const obtainAt = async (request: Request, { minPosition, waitMs = 0 }: GetOptions): Promise<Reflecting> => {
    const isApplied = minPosition === undefined || (await positions.until(minPosition, Math.min(waitMs, maxWaitMs)));
    if (!isApplied) return obtainBehind(request, minPosition);
    // The position of when the value is looked for: it may have been read before what was applied since.
    const position = ownPosition(state);
    return { obtained: await obtain.get(request), position };
  };

  const obtainBehind = async (request: Request, asked: Position): Promise<Reflecting> => {
    const [obtained] = await Promise.all([obtain.behind(request), isDoubtful(state, asked) && proveNow(PROVE_MS)]);
    return { obtained, position: positionBehind(state, asked, request.arrivedAt) };
  };

  const answerOf = (keyText: string, { obtained, position }: Reflecting): Answer => {
    const { held, source, stored, detail, asOf } = obtained;
    const coherent = held.coherent && source !== "unproven";
    return { ...held, keyText, source, stored, detail, ageMs: ageMs(asOf, clock.now()), position, coherent };
  };

  const read = async <V, A>(of: Key<V, A>, given: A, fresh: boolean, wanted: GetOptions = {}): Promise<V> => {
    const keyText = of.text(given);
    const arrivedAt = clock.now();
    const key = untyped(of);
    const params = asParams(given);
    const mayHit = !fresh && (wanted.minPosition === undefined || hasApplied(state, wanted.minPosition));
    const hit = mayHit ? obtain.hit(key, keyText, params, arrivedAt) : undefined;
    if (hit !== undefined) return whole(of, keyText, hit);
    const { obtained } = await obtainAt({ key, keyText, params, arrivedAt, context: TOP, fresh }, wanted);
    return whole(of, keyText, obtained.held);
  };

  return {
    get: (key, params, wanted) => read(key, params, false, wanted),
    getMany: (key, params, wanted) => Promise.all(params.map((p) => read(key, p, false, wanted))),
    refresh: (key, params) => read(key, params, true),
    answer: async (key, params, { arrivedAt = clock.now(), fresh = false, ...wanted } = {}) => {
      const keyText = key.text(params);
      return answerOf(keyText, await obtainAt({ key, keyText, params, arrivedAt, context: TOP, fresh }, wanted));
    },
    page: async (key, params, page, { arrivedAt = clock.now(), fresh = false, ...wanted } = {}) => {
      assertPage(key, page);
      const keyText = key.text(params);
      const of = await obtainAt({ key, keyText, params, arrivedAt, context: TOP, fresh }, wanted);
      const { obtained, next } = await cutPage(key, keyText, params, page, of.obtained);
      return { ...answerOf(keyText, { ...of, obtained }), next };
    },
  };
}

/**
 * True if it is hardly one that is about to be applied. Then a proof from after the request came tells whether it is void: who was given a
 * void one back would ask for it for ever.
 */
const isDoubtful = ({ feed }: FrontendState, { epoch, sequence }: Position): boolean =>
  epoch !== feed.epoch || sequence > feed.applied + FAR_AHEAD;

/** A list that is held in part only is not what `get` promises. */
function whole<V, A>(key: Key<V, A>, keyText: string, held: Held): V {
  if (held.partial)
    throw new ListTooLongError(
      `${keyText} is longer than its bound`,
      "Ask for pages, read it by .first(n), or raise the key's maxRows",
    );
  return typed(key, held.value);
}
