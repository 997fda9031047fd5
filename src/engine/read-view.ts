import type { Clock } from "../ports/clock.ts";
import { addDependency, adoptDependencies } from "../protocol/coherence.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Load } from "../protocol/load.ts";
import { NearkeyError } from "../spec/error.ts";
import type { Key, Read } from "../spec/key.ts";
import type { Held } from "./entries.ts";
import { ListTooLongError } from "./errors.ts";
import type { LoadContext, ReadValue } from "./loader.ts";
import { subjectOf } from "./subject.ts";
import { asParams, typed, untyped, type Wanted, wantedOf } from "./wanted.ts";
import { within } from "./within.ts";

/** A view that reads itself through others, reads too much, or takes too long. */
export class ViewError extends NearkeyError {
  readonly code = "E_VIEW";
}

/** Gets a value that a view reads: from memory if it may be served, else loaded. */
export type GetHeld = (wanted: Wanted, context: LoadContext) => Promise<Held>;

const MAX_DEPTH = 8;
const MAX_MANY = 10_000;
/** Two views that wait for each other's loads would wait for ever. */
const VIEW_DEADLINE_MS = 30_000;

/**
 * Reads a view through the keys it is given. Each key is noted as a dependency before it is read, so that a write that lands while the
 * view loads detaches it; a value that no longer counts, or was not kept, makes the view one that only answers.
 */
export function createReadView(state: FrontendState, clock: Clock, getHeld: GetHeld): ReadValue {
  return async (wanted, load, context) => {
    const { reading } = wanted.key;
    if (reading.kind !== "view") throw new TypeError(`${wanted.keyText} is not a view`);
    const above = [...context.above, wanted.keyText];
    if (above.length > MAX_DEPTH || context.above.includes(wanted.keyText)) {
      throw new ViewError(
        `views read each other: ${above.join(" -> ")}`,
        `Let views read rows and lists; at most ${MAX_DEPTH} deep`,
      );
    }
    let endsAtMs = Number.POSITIVE_INFINITY;
    const read = readThrough(async (dependency) => {
      const held = await readDependency(state, load, dependency, { bypass: context.bypass, above }, getHeld);
      endsAtMs = Math.min(endsAtMs, held.cellsEndAtMs);
      return held.value;
    });
    const value = await within(clock, VIEW_DEADLINE_MS, reading.load(wanted.params, read), () => tooSlow(wanted));
    return { value, partial: false, livesMs: endsAtMs - load.startedAt.monotonicMs, unkept: undefined };
  };
}

const tooSlow = ({ keyText }: Wanted): ViewError =>
  new ViewError(
    `${keyText} took longer than ${VIEW_DEADLINE_MS} ms`,
    "Read less in one view; and let no two views read each other",
  );

async function readDependency(
  state: FrontendState,
  load: Load,
  wanted: Wanted,
  context: LoadContext,
  getHeld: GetHeld,
): Promise<Held> {
  const { maxDependencies } = state.settings;
  addDependency(state.coherence, load.copy, subjectOf(wanted.key, wanted.keyText, wanted.params), maxDependencies);
  const held = await getHeld(wanted, context);
  adoptDependencies(state.coherence, load.copy, held.copy, maxDependencies);
  if (held.partial) {
    throw new ListTooLongError(
      `${wanted.keyText} is longer than its bound`,
      "Read it by .first(n), or raise the key's maxRows",
    );
  }
  return held;
}

function readThrough(readOne: (wanted: Wanted) => Promise<unknown>): Read {
  const one = async <V, A>(key: Key<V, A>, params: A): Promise<V> => {
    const given = asParams(params);
    return typed(key, await readOne(wantedOf(untyped(key), key.text(params), given)));
  };
  const many = async <V, A>(key: Key<V, A>, params: readonly A[]): Promise<readonly V[]> => {
    if (params.length > MAX_MANY)
      throw new ViewError(`a view reads ${params.length} keys at once`, `Read at most ${MAX_MANY}`);
    return Promise.all(params.map((p) => one(key, p)));
  };
  return Object.assign(one, { many });
}
