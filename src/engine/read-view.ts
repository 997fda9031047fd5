import type { Clock } from "../ports/clock.ts";
import { addDependency, adoptDependencies } from "../protocol/coherence.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Load } from "../protocol/load.ts";
import { NearkeyError } from "../spec/error.ts";
import type { Key, Read } from "../spec/key.ts";
import { earlier } from "./earlier.ts";
import { ListTooLongError } from "./errors.ts";
import type { Found, LoadContext, ReadValue } from "./loader.ts";
import type { Obtained } from "./obtain.ts";
import { subjectOf } from "./subject.ts";
import { asParams, typed, untyped, type Wanted, wantedOf } from "./wanted.ts";
import { within } from "./within.ts";

/** A view that reads itself through others, reads too much, or takes too long. */
export class ViewError extends NearkeyError {
  readonly code = "E_VIEW";
}

/** Gets a value that a view reads: from memory if it may be served, else loaded. */
export type GetForView = (wanted: Wanted, context: LoadContext) => Promise<Obtained>;

const MAX_DEPTH = 8;
const MAX_MANY = 10_000;
/** Two views that wait for each other's loads would wait for ever. */
const VIEW_DEADLINE_MS = 30_000;
const FOR_EVER = { monotonicMs: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };

/**
 * Reads a view through the keys it is given. Each key is noted as a dependency before it is read, so that a write that lands while the
 * view loads detaches it; a value that no longer counts, or was not kept, makes the view one that only answers. A view that reads nothing
 * through them reads a source of its own, of which nearkey promises nothing: it is labelled.
 */
export function createReadView(state: FrontendState, clock: Clock, getForView: GetForView): ReadValue {
  return async (wanted, load, { bypass, above }) => {
    const { reading } = wanted.key;
    if (reading.kind !== "view") throw new TypeError(`${wanted.keyText} is not a view`);
    const context = { bypass, above: [...above, wanted.keyText] };
    let asOf = load.startedAt;
    let until = FOR_EVER;
    let coherent = true;
    let hasRead = false;
    let isOver = false;
    const read = readThrough(async (dependency) => {
      if (isOver) throw readTooLate(wanted);
      assertNoCircle(context.above, dependency);
      const obtained = await readDependency(state, load, dependency, context, getForView);
      asOf = earlier(asOf, obtained.asOf);
      until = earlier(until, obtained.held.countsUntil);
      coherent &&= obtained.held.coherent;
      hasRead = true;
      return obtained.held.value;
    });
    try {
      const value = await within(clock, VIEW_DEADLINE_MS, reading.load(wanted.params, read), () => tooSlow(wanted));
      return {
        value,
        partial: false,
        livesMs: livesMs(load, until),
        unkept: undefined,
        coherent: coherent && hasRead,
        asOf,
      };
    } finally {
      isOver = true;
    }
  };
}

/** On both clocks: the machine may have slept between the load of what was read and ours. */
function livesMs({ startedAt }: Load, until: Found["asOf"]): number {
  return Math.min(until.monotonicMs - startedAt.monotonicMs, until.wallMs - startedAt.wallMs);
}

/** Before it waits: a view that joined its own load would wait for itself. */
function assertNoCircle(above: readonly string[], { keyText, key }: Wanted): void {
  const isTooDeep = above.length >= MAX_DEPTH && key.reading.kind === "view";
  if (!isTooDeep && !above.includes(keyText)) return;
  throw new ViewError(
    `views read each other: ${[...above, keyText].join(" -> ")}`,
    `Let views read rows and lists; at most ${MAX_DEPTH} deep`,
  );
}

const tooSlow = ({ keyText }: Wanted): ViewError =>
  new ViewError(
    `${keyText} took longer than ${VIEW_DEADLINE_MS} ms`,
    "Read less in one view; and let no two views read each other",
  );

const readTooLate = ({ keyText }: Wanted): ViewError =>
  new ViewError(`${keyText} reads after its loader has ended`, "Await every read in the view's loader");

async function readDependency(
  state: FrontendState,
  load: Load,
  wanted: Wanted,
  context: LoadContext,
  getForView: GetForView,
): Promise<Obtained> {
  const { maxDependencies } = state.settings;
  addDependency(state.coherence, load.copy, subjectOf(wanted.key, wanted.keyText, wanted.params), maxDependencies);
  const obtained = await getForView(wanted, context);
  adoptDependencies(state.coherence, load.copy, obtained.held.copy, maxDependencies);
  if (obtained.held.partial) {
    throw new ListTooLongError(
      `${wanted.keyText} is longer than its bound`,
      "Read it by .first(n), or raise the key's maxRows",
    );
  }
  return obtained;
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
