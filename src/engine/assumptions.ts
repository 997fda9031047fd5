import type { Timer } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { checkAssumptions, type Surroundings } from "./check-assumptions.ts";
import { type Assumption, AssumptionError, type BrokenAssumption, NotCheckedError } from "./errors.ts";

/**
 * Whether what nearkey rests on holds. What does not hold at the start is refused, or labelled where it is allowed. What ceases to hold
 * later is reported, and where levels no longer overlap answers are labelled: to refuse everything then would help nobody.
 */
export interface Assumptions {
  /** Strong reads meet every acknowledged write. False until that is known. */
  readonly overlap: boolean;
  /** True once nothing stands in the way of reading and writing. */
  readonly accepted: boolean;
  /** Why nothing may be read or written. */
  readonly refused: AssumptionError | undefined;
  /** Begins to look, and looks again from time to time. Once more does nothing. */
  start(): void;
  /** Resolves once accepted; begins to look if that was not done. Throws `AssumptionError`, or `NotCheckedError` where nothing answers. */
  whenAccepted(): Promise<void>;
  close(): void;
}

export interface AssumptionsOptions extends Surroundings {
  readonly telemetry: Telemetry;
  /** What need not hold: then answers are labelled. */
  readonly tolerated: readonly Assumption[];
  /** Told after every look. */
  readonly looked: () => void;
}

const AGAIN_MS = 60_000;
const AFTER_FAILURE_MS = 1_000;

export function createAssumptions(options: AssumptionsOptions): Assumptions {
  const { clock, telemetry, tolerated, looked } = options;
  let overlap = false;
  let accepted = false;
  let refused: AssumptionError | undefined;
  let reported: readonly Assumption[] = [];
  let unchecked = "";
  let attempt: Promise<void> | undefined;
  let timer: Timer | undefined;
  let started = false;
  let closed = false;

  const note = (broken: readonly BrokenAssumption[]): void => {
    overlap = broken.every(({ assumption }) => assumption !== "levels-overlap");
    const intolerable = broken.filter(({ assumption }) => !tolerated.includes(assumption));
    accepted ||= intolerable.length === 0;
    refused = accepted ? undefined : new AssumptionError(intolerable);
    for (const { assumption, words, remedy } of broken)
      if (!reported.includes(assumption)) telemetry.event("assumption-broken", { assumption, words, remedy });
    reported = broken.map(({ assumption }) => assumption);
    unchecked = "";
  };

  const look = async (): Promise<void> => {
    try {
      note(await checkAssumptions(options));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const reason = why.replace(/\d+/g, ""); // the same one, however long it took
      if (reason !== unchecked) telemetry.event("assumptions-unchecked", { why });
      unchecked = reason;
      throw new NotCheckedError(`what nearkey rests on could not be checked yet: ${why}`, "Try again shortly", {
        cause,
      });
    } finally {
      attempt = undefined;
      if (!closed) looked();
    }
  };

  const lookNow = (): Promise<void> => {
    attempt ??= look();
    return attempt;
  };

  const keepLooking = async (): Promise<void> => {
    const isKnown = await lookNow().then(
      () => accepted,
      () => false,
    );
    if (!closed) timer = clock.after(isKnown ? AGAIN_MS : AFTER_FAILURE_MS, () => void keepLooking());
  };

  const start = (): void => {
    if (started || closed) return;
    started = true;
    void keepLooking();
  };

  return {
    get overlap() {
      return overlap;
    },
    get accepted() {
      return accepted;
    },
    get refused() {
      return refused;
    },
    start,
    whenAccepted: async () => {
      if (accepted) return;
      start();
      if (refused === undefined) await lookNow();
      if (refused !== undefined) throw refused;
    },
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}
