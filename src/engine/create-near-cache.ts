import { releaseCopy, touch as touchNames } from "../protocol/coherence.ts";
import { createFrontend, type Effects, type FrontendState } from "../protocol/frontend.ts";
import type { Position } from "../protocol/position.ts";
import { proofAgeMs } from "../protocol/proof.ts";
import { openCount } from "../protocol/windows.ts";
import { createWitness, noteStored } from "../protocol/witness.ts";
import { catalogOf } from "../spec/catalog.ts";
import { type NearCacheOptions, type ResolvedOptions, resolveOptions } from "./cache-options.ts";
import { reportChange } from "./changes.ts";
import { createCounters } from "./counters.ts";
import { createEntries } from "./entries.ts";
import { ClosedError } from "./errors.ts";
import { createFlights } from "./flights.ts";
import { createFollower } from "./follower.ts";
import { createGate } from "./gate.ts";
import { createLoader } from "./loader.ts";
import type { NearCache } from "./near-cache.ts";
import { createObtain, type Obtain } from "./obtain.ts";
import { createCutPage } from "./pages.ts";
import { createPeek } from "./peek.ts";
import { createProber } from "./prober.ts";
import { createPulseServer } from "./pulse-server.ts";
import { createReadStore, createReadValue } from "./read-value.ts";
import { createReadView } from "./read-view.ts";
import { createReads } from "./reads.ts";
import { createReadiness } from "./ready.ts";
import { watchProof } from "./watch-proof.ts";

/**
 * Makes a near cache over a store and an invalidation log. Call `start` before the first read. Throws `SpecError`.
 *
 * @example
 * const cache = createNearCache({ keys, store, log, clock: systemClock, entropy: systemEntropy });
 * cache.start();
 * await cache.get(keys.user, { id: 42 });
 */
export function createNearCache(given: NearCacheOptions): NearCache {
  const options = resolveOptions(given);
  const { log, clock, entropy, telemetry } = options;
  const state = stateOf(options);
  const counters = createCounters();
  const entries = createEntries(options.maxBytes, counters, (copy) => releaseCopy(state.coherence, copy));
  const evict = (keyText: string): void => {
    counters.keysApplied++;
    entries.drop(keyText, "invalidated");
  };
  const witness = createWitness();
  const readiness = createReadiness(state, clock);
  const moved = (): void => {
    const position = positionOf(state);
    if (position !== undefined) noteStored(witness, position);
    prober.moved();
    readiness.look();
  };
  const changed = reportChange(counters, telemetry);
  const follower = createFollower({ log, clock, state, evict, changed, moved });
  const prober = createProber({ log, clock, state, everyMs: options.probeEveryMs, proven: () => readiness.look() });
  const pulses = createPulseServer({ log, clock, entropy, telemetry, witness });
  const { maxReads, maxWaitingReads, readDeadlineMs } = options;
  const limits = { running: maxReads, waiting: maxWaitingReads, waitMs: readDeadlineMs };
  const gate = createGate("database reads", clock, limits);
  const flights = createFlights(state);
  const effects: Effects = { evict, changed, read: () => {} }; // windows ending ask for no reads
  const peek = createPeek(state, entries, counters, effects);
  const readStore = createReadStore(options.store, gate, counters, readDeadlineMs);
  const readView = createReadView(state, clock, (wanted, context) =>
    obtain.get({ ...wanted, arrivedAt: clock.now(), context, fresh: false }),
  );
  const readValue = createReadValue(readStore, options, readView);
  const loader = createLoader({ state, clock, options, entries, flights, counters, readValue });
  const obtain: Obtain = createObtain({ state, clock, options, entries, flights, counters, loader, peek });
  const cutPage = createCutPage(state, clock, readStore);
  const reads = createReads({ clock, obtain, cutPage, position: () => positionOf(state) });
  let watch: { close(): void } | undefined;

  return {
    ...reads,
    peek,
    touch: (touches) => touchNames(state.coherence, touches, evict),
    position: () => positionOf(state),
    proofAgeMs: (now) => proofAgeMs(state.proof, now),
    get ready() {
      return readiness.ready;
    },
    statistics: () => ({
      ...counters,
      evictions: { ...counters.evictions },
      entries: entries.count,
      bytes: entries.bytes,
      loading: flights.count,
      fencesOpen: openCount(state.windows),
      orphans: state.orphans.size,
      applied: state.feed.applied,
    }),
    start: () => {
      if (entries.closed) throw new ClosedError("the cache is closed", "Make a new one");
      if (watch !== undefined) return;
      follower.start();
      pulses.start();
      prober.start();
      watch = watchProof(state, clock, telemetry);
    },
    whenReady: readiness.wait,
    close: async () => {
      watch?.close();
      prober.close();
      pulses.close();
      follower.close();
      entries.close();
      readiness.close();
    },
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

const positionOf = (state: FrontendState): Position | undefined =>
  state.feed.epoch === undefined ? undefined : { epoch: state.feed.epoch, sequence: state.feed.applied };
