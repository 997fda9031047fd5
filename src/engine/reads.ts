import type { Clock } from "../ports/clock.ts";
import { ageMs } from "../protocol/instant.ts";
import type { Position } from "../protocol/position.ts";
import type { Key } from "../spec/key.ts";
import type { Held } from "./entries.ts";
import { ListTooLongError } from "./errors.ts";
import type { Answer, NearCache } from "./near-cache.ts";
import { type Obtain, type Obtained, TOP } from "./obtain.ts";
import { assertPage, type CutPage } from "./pages.ts";
import { asParams, typed, untyped } from "./wanted.ts";

export interface ReadsOptions {
  readonly clock: Clock;
  readonly obtain: Obtain;
  readonly cutPage: CutPage;
  readonly position: () => Position | undefined;
}

type Reads = Pick<NearCache, "get" | "getMany" | "refresh" | "answer" | "page">;

/** The reading half of a near cache. */
export function createReads({ clock, obtain, cutPage, position }: ReadsOptions): Reads {
  // The position of when the request was taken up: a value may have been read before what was applied since.
  const answerOf = (keyText: string, at: Position | undefined, { held, asOf, ...how }: Obtained): Answer => ({
    ...held,
    keyText,
    source: how.source,
    stored: how.stored,
    detail: how.detail,
    ageMs: ageMs(asOf, clock.now()),
    position: at,
  });

  const read = async <V, A>(of: Key<V, A>, given: A, fresh: boolean): Promise<V> => {
    const keyText = of.text(given);
    const arrivedAt = clock.now();
    const key = untyped(of);
    const params = asParams(given);
    const hit = fresh ? undefined : obtain.hit(key, keyText, params, arrivedAt);
    if (hit !== undefined) return whole(of, keyText, hit);
    const { held } = await obtain.get({ key, keyText, params, arrivedAt, context: TOP, fresh });
    return whole(of, keyText, held);
  };

  return {
    get: (key, params) => read(key, params, false),
    getMany: (key, params) => Promise.all(params.map((p) => read(key, p, false))),
    refresh: (key, params) => read(key, params, true),
    answer: async (key, params, { arrivedAt = clock.now(), fresh = false } = {}) => {
      const keyText = key.text(params);
      const at = position();
      return answerOf(keyText, at, await obtain.get({ key, keyText, params, arrivedAt, context: TOP, fresh }));
    },
    page: async (key, params, page, { arrivedAt = clock.now(), fresh = false } = {}) => {
      assertPage(key, page);
      const keyText = key.text(params);
      const at = position();
      const obtained = await obtain.get({ key, keyText, params, arrivedAt, context: TOP, fresh });
      const cut = await cutPage(key, keyText, params, page, obtained);
      return { ...answerOf(keyText, at, cut.obtained), next: cut.next };
    },
  };
}

/** A list that is held in part only is not what `get` promises. */
function whole<V, A>(key: Key<V, A>, keyText: string, held: Held): V {
  if (held.partial)
    throw new ListTooLongError(
      `${keyText} is longer than its bound`,
      "Ask for pages, read it by .first(n), or raise the key's maxRows",
    );
  return typed(key, held.value);
}
