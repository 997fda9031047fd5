import { partsOf } from "../protocol/announce.ts";
import { createWitness } from "../protocol/witness.ts";
import { checkBatch, isConditional } from "../spec/batch.ts";
import { catalogOf } from "../spec/catalog.ts";
import type { Mutation } from "../spec/mutation.ts";
import { touchesOf } from "../spec/touches.ts";
import { type Assumptions, createAssumptions } from "./assumptions.ts";
import { createConclusions } from "./conclusions.ts";
import { ClosedError, NotCheckedError, OverloadedError } from "./errors.ts";
import { createPresence } from "./presence.ts";
import { createPublisher } from "./publisher.ts";
import { createPulseServer } from "./pulse-server.ts";
import { createReadiness } from "./ready.ts";
import { createRunWrite, type Ended, type Job } from "./run-write.ts";
import { createTimestamps } from "./timestamps.ts";
import type { Writer } from "./writer.ts";
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
  const presence = createPresence(log, "backend", options.keys);
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
  const assumptions = createAssumptions({
    ...options,
    tolerated: options.allowWeak ? ["levels-overlap"] : [],
    looked: () => readiness.look(),
  });
  const readiness = createReadiness({
    clock,
    isReady: () => assumptions.accepted,
    refusal: () => assumptions.refused,
  });
  const runWrite = createRunWrite({ ...options, publisher });
  const nextTimestamp = createTimestamps(clock, options.slot);
  const conclusions = createConclusions(telemetry);
  const underWay = new Set<Promise<Ended>>();
  let closed = false;

  const prepare = (mutations: readonly Mutation[]): Job => {
    checkBatch(mutations);
    const touches = touchesOf(catalog, mutations);
    const conditional = mutations.some(isConditional);
    const announced = { id: entropy.id(), spec: catalog.fingerprint, conditional, parts: partsOf(touches) };
    return { mutations, touches, announced, timestampMicros: nextTimestamp() };
  };

  const run = async (job: Job): Promise<Ended> => {
    await whenAccepted(options, assumptions);
    return runWrite(job);
  };

  return {
    write: async (mutations) => {
      if (closed) throw new ClosedError("the writer is closed", "Make a new one");
      if (underWay.size >= maxWrites) {
        throw new OverloadedError(`${maxWrites} writes are under way`, "Try again shortly, or add processes");
      }
      const job = prepare(isList(mutations) ? mutations : [mutations]);
      const running = run(job);
      underWay.add(running);
      try {
        return conclusions.conclude(job, await running);
      } finally {
        underWay.delete(running);
      }
    },
    get ready() {
      return readiness.ready;
    },
    whenReady: readiness.wait,
    statistics: () => ({ ...conclusions.counts, pending: publisher.pending, ticks: pulses.ticks }),
    start: () => {
      for (const part of [pulses, assumptions, presence]) part.start();
    },
    close: async ({ deadlineMs = 10_000 } = {}) => {
      closed = true;
      for (const part of [presence, assumptions, readiness]) part.close();
      await Promise.allSettled(underWay);
      await publisher.drain(deadlineMs);
      publisher.close();
      pulses.close();
    },
  };
}

/** A write that goes through unannounced while the log is away rests on nothing. */
async function whenAccepted(
  { log, onLogDown }: Pick<WriterOptions, "log" | "onLogDown">,
  assumptions: Pick<Assumptions, "whenAccepted">,
): Promise<void> {
  if (onLogDown !== "write") return assumptions.whenAccepted();
  if (!log.connected) return;
  await assumptions.whenAccepted().catch((error: unknown) => {
    if (!(error instanceof NotCheckedError)) throw error;
  });
}

const isList = (given: Mutation | readonly Mutation[]): given is readonly Mutation[] => Array.isArray(given);
