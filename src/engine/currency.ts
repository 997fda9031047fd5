import { ownPosition } from "../protocol/asked-position.ts";
import { touchAll } from "../protocol/coherence.ts";
import { CLOCK_SKEW_MS } from "../protocol/follow.ts";
import { createWitness, noteStored } from "../protocol/witness.ts";
import { type Assumptions, createAssumptions } from "./assumptions.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import { createFollower } from "./follower.ts";
import type { Memory } from "./memory.ts";
import { createPositionWaits, type PositionWaits } from "./position-waits.ts";
import { createProber, type Prober } from "./prober.ts";
import { createPulseServer } from "./pulse-server.ts";
import { createReadiness, type Readiness } from "./ready.ts";
import { watchProof } from "./watch-proof.ts";

/** Keeps memory current: follows the log, proves it again and again, helps others to prove it, and checks what all that rests on. */
export interface Currency {
  readonly assumptions: Pick<Assumptions, "overlap" | "refused">;
  readonly readiness: Pick<Readiness, "ready" | "wait">;
  readonly positions: Pick<PositionWaits, "until">;
  readonly proveNow: Prober["proveNow"];
  /** Once more does nothing. */
  start(): void;
  close(): void;
}

export function createCurrency(options: ResolvedOptions, { state, effects }: Memory): Currency {
  const { log, clock, entropy, telemetry, settings, store } = options;
  const witness = createWitness();
  let overlapped = false;
  const surroundings = { store, log, clock, entropy, settings, maxClockSkewMs: CLOCK_SKEW_MS };
  const assumptions = createAssumptions({
    ...surroundings,
    telemetry,
    tolerated: options.consistency === "weak" ? ["levels-overlap"] : [],
    looked: () => {
      const isNews = assumptions.refused !== undefined || (assumptions.overlap && !overlapped);
      if (isNews) touchAll(state.coherence); // what was read before it was known, or is labelled for as long as it is held
      overlapped = assumptions.overlap;
      readiness.look();
    },
  });
  // To lose proof later is degraded, not unready: reads go past the cache.
  const readiness = createReadiness({
    clock,
    isReady: () => assumptions.accepted && !state.feed.cold && state.proof.provenAt !== undefined,
    refusal: () => assumptions.refused,
  });
  const positions = createPositionWaits(state, clock);
  const prober = createProber({ log, clock, state, everyMs: options.probeEveryMs, proven: () => readiness.look() });
  const moved = (): void => {
    const position = ownPosition(state);
    if (position !== undefined) noteStored(witness, position);
    prober.moved();
    positions.look();
    readiness.look();
  };
  const follower = createFollower({ log, clock, state, ...effects, moved });
  const pulses = createPulseServer({ log, clock, entropy, telemetry, witness });
  let watch: { close(): void } | undefined;

  return {
    assumptions,
    readiness,
    positions,
    proveNow: prober.proveNow,
    start: () => {
      if (watch !== undefined) return;
      follower.start();
      pulses.start();
      prober.start();
      assumptions.start();
      watch = watchProof(state, clock, telemetry);
    },
    close: () => {
      watch?.close();
      for (const part of [assumptions, prober, pulses, follower, positions, readiness]) part.close();
    },
  };
}
