import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Position } from "../protocol/position.ts";
import { proofAgeMs } from "../protocol/proof.ts";
import { ListTooLongError } from "./errors.ts";
import type { Answer, NearCache } from "./near-cache.ts";
import { type Obtain, type Obtained, TOP } from "./obtain.ts";
import type { CutPage } from "./pages.ts";
import { asParams, typed, untyped } from "./wanted.ts";

export interface ReadsOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly obtain: Obtain;
  readonly cutPage: CutPage;
  readonly position: () => Position | undefined;
}

type Reads = Pick<NearCache, "get" | "getMany" | "refresh" | "answer" | "page">;

/** The reading half of a near cache. */
export function createReads({ state, clock, obtain, cutPage, position }: ReadsOptions): Reads {
  // The position of when the request was taken up: a value may have been read before what was applied since.
  const answerOf = (keyText: string, at: Position | undefined, { held, source, stored, detail }: Obtained): Answer => ({
    ...held,
    keyText,
    source,
    stored,
    detail,
    ageMs: source === "hit" || source === "unproven" ? proofAgeMs(state.proof, clock.now()) : 0,
    position: at,
  });

  const reads: Reads = {
    get: async (key, params) => {
      const keyText = key.text(params);
      const arrivedAt = clock.now();
      const obtained = await obtain({
        key: untyped(key),
        keyText,
        params: asParams(params),
        arrivedAt,
        context: TOP,
        fresh: false,
      });
      return whole(key, keyText, obtained);
    },
    getMany: (key, params) => Promise.all(params.map((p) => reads.get(key, p))),
    refresh: async (key, params) => {
      const keyText = key.text(params);
      const arrivedAt = clock.now();
      const obtained = await obtain({
        key: untyped(key),
        keyText,
        params: asParams(params),
        arrivedAt,
        context: TOP,
        fresh: true,
      });
      return whole(key, keyText, obtained);
    },
    answer: async (key, params, { arrivedAt = clock.now(), fresh = false } = {}) => {
      const keyText = key.text(params);
      const at = position();
      return answerOf(keyText, at, await obtain({ key, keyText, params, arrivedAt, context: TOP, fresh }));
    },
    page: async (key, params, page, { arrivedAt = clock.now(), fresh = false } = {}) => {
      const keyText = key.text(params);
      const at = position();
      const obtained = await obtain({ key, keyText, params, arrivedAt, context: TOP, fresh });
      const cut = await cutPage(key, keyText, params, page, obtained);
      return { ...answerOf(keyText, at, cut.obtained), next: cut.next };
    },
  };
  return reads;
}

/** A list that is held in part only is not what `get` promises. */
function whole<V, A>(key: Parameters<typeof typed<V, A>>[0], keyText: string, { held }: Obtained): V {
  if (held.partial)
    throw new ListTooLongError(
      `${keyText} is longer than its bound`,
      "Ask for pages, read it by .first(n), or raise the key's maxRows",
    );
  return typed(key, held.value);
}
