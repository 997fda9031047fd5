import { releaseCopy, touch } from "../protocol/coherence.ts";
import type { Copy } from "../protocol/copy.ts";
import { createFrontend, type Effects, type FrontendState } from "../protocol/frontend.ts";
import type { Names } from "../protocol/names.ts";
import { catalogOf } from "../spec/catalog.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import { reportChange } from "./changes.ts";
import { type Counters, createCounters } from "./counters.ts";
import { createEntries, type Entries } from "./entries.ts";

/** What a cache holds, and what the protocol knows of it. */
export interface Memory {
  readonly state: FrontendState;
  readonly counters: Counters;
  readonly entries: Entries;
  /** Drops what is named at once, without waiting for the log. */
  touch(names: Names): void;
  /** Told from now on of each copy that is held no longer though nothing touched it. */
  onLetGo(tell: (copy: Copy) => void): void;
  /** What the protocol has done outside; without the log to read. */
  readonly effects: Omit<Effects, "read">;
}

export function createMemory(options: ResolvedOptions): Memory {
  const state = stateOf(options);
  const counters = createCounters();
  let letGo: (copy: Copy) => void = () => {};
  const entries = createEntries(options.maxBytes, counters, (copy, touched) => {
    if (!touched) letGo(copy);
    releaseCopy(state.coherence, copy);
  });
  const evict = (keyText: string): void => {
    counters.keysApplied++;
    entries.drop(keyText, "invalidated");
  };
  return {
    state,
    counters,
    entries,
    touch: (names) => touch(state.coherence, names, evict),
    onLetGo: (tell) => {
      letGo = tell;
    },
    effects: { evict, changed: reportChange(counters, options.telemetry) },
  };
}

function stateOf(options: ResolvedOptions): FrontendState {
  const catalog = catalogOf(options.keys);
  const weak = options.consistency === "weak" || catalog.keys.some(({ key }) => key.options.consistency === "weak");
  return createFrontend({
    settings: options.settings,
    spec: catalog.fingerprint,
    tables: [...catalog.tables.keys()],
    weak,
  });
}
