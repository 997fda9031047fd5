import { WriteUnknownError } from "../ports/store-errors.ts";
import { partsOf } from "../protocol/announce.ts";
import { createWitness } from "../protocol/witness.ts";
import { checkBatch, isConditional } from "../spec/batch.ts";
import { catalogOf } from "../spec/catalog.ts";
import type { Mutation } from "../spec/mutation.ts";
import { touchesOf } from "../spec/touches.ts";
import { ClosedError, FenceFailedError, NotAnnouncedError, OverloadedError } from "./errors.ts";
import { createPublisher } from "./publisher.ts";
import { createPulseServer } from "./pulse-server.ts";
import { createRunWrite, type Ended, type Job } from "./run-write.ts";
import { createTimestamps } from "./timestamps.ts";
import type { Writer, Written } from "./writer.ts";
import { resolveWriterOptions, type WriterOptions } from "./writer-options.ts";

/**
 * Makes a writer over a store and an invalidation log. Call `start` to answer pulses. Throws `SpecError`.
 *
 * @example
 * const writer = createWriter({ keys, store, log, clock: systemClock, entropy: systemEntropy });
 * await writer.write(insert(users, { id: 42, name: "Ada" }));
 */
export function createWriter(given: WriterOptions): Writer {
  const options = resolveWriterOptions(given);
  const { log, clock, entropy, telemetry, maxWrites } = options;
  const catalog = catalogOf(options.keys);
  const witness = createWitness();
  const pulses = createPulseServer({ log, clock, entropy, telemetry, witness });
  const { logDeadlineMs: deadlineMs, maxPending } = options;
  const publisher = createPublisher({
    log,
    clock,
    telemetry,
    witness,
    deadlineMs,
    maxPending,
    lost: () => pulses.lost(),
  });
  const runWrite = createRunWrite({ ...options, publisher });
  const nextTimestamp = createTimestamps(clock, options.slot);
  const counters = { written: 0, refused: 0, unknown: 0, notAnnounced: 0 };
  const underWay = new Set<Promise<Ended>>();
  let closed = false;

  const prepare = (mutations: readonly Mutation[]): Job => {
    checkBatch(mutations);
    const touches = touchesOf(catalog, mutations);
    const conditional = mutations.some(isConditional);
    const announced = { id: entropy.id(), spec: catalog.fingerprint, conditional, parts: partsOf(touches) };
    return { mutations, touches, announced, timestampMicros: nextTimestamp() };
  };

  const conclude = (job: Job, ended: Ended): Written => {
    const { outcome } = ended;
    if (outcome.kind === "nothing-written") counters.refused++;
    else if (outcome.kind === "unknown") counters.unknown++;
    else counters.written++;
    if (outcome.kind === "done-unannounced" || outcome.kind === "written-not-announced") {
      counters.notAnnounced++;
      telemetry.event("write-not-announced", { tables: job.touches.about.join(" ") });
    }
    return resultOf(job, ended);
  };

  return {
    write: async (mutations) => {
      if (closed) throw new ClosedError("the writer is closed", "Make a new one");
      if (underWay.size >= maxWrites) {
        throw new OverloadedError(`${maxWrites} writes are under way`, "Try again shortly, or add processes");
      }
      const job = prepare(isList(mutations) ? mutations : [mutations]);
      const running = runWrite(job);
      underWay.add(running);
      try {
        return conclude(job, await running);
      } finally {
        underWay.delete(running);
      }
    },
    statistics: () => ({ ...counters, pending: publisher.pending, ticks: pulses.ticks }),
    start: () => pulses.start(),
    close: async ({ deadlineMs = 10_000 } = {}) => {
      closed = true;
      await Promise.allSettled(underWay);
      await publisher.drain(deadlineMs);
      publisher.close();
      pulses.close();
    },
  };
}

const isList = (given: Mutation | readonly Mutation[]): given is readonly Mutation[] => Array.isArray(given);

/** What the caller is told; every way but done is an error that says what is in the database. */
function resultOf({ timestampMicros }: Job, { outcome, error }: Ended): Written {
  switch (outcome.kind) {
    case "done":
      return { applied: outcome.applied, position: outcome.position, timestampMicros };
    case "done-unannounced":
      return { applied: outcome.applied, position: undefined, timestampMicros };
    case "nothing-written":
      throw refusal(outcome.why, error);
    case "unknown":
      if (error instanceof WriteUnknownError) throw error;
      throw new WriteUnknownError("the database did not say whether it wrote", "Read it back, or write it again", {
        cause: error,
      });
    case "written-not-announced":
      throw new NotAnnouncedError(outcome.applied, timestampMicros, { cause: error });
  }
}

function refusal(why: "no-fence" | "fence-too-old" | "refused", cause: unknown): Error {
  if (why === "refused" && cause instanceof Error) return cause;
  if (why === "fence-too-old") {
    return new FenceFailedError(
      "the fence was too old when it was acknowledged; nothing was written",
      "Write it again",
    );
  }
  return new FenceFailedError(
    "the fence could not be published; nothing was written",
    "Write it again once the log can be reached",
    {
      cause,
    },
  );
}
