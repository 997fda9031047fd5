import type { Clock } from "../ports/clock.ts";
import { LogUnavailableError } from "../ports/log-errors.ts";
import type { StoreWrite } from "../ports/store.ts";
import { WriteRefusedError } from "../ports/store-errors.ts";
import { beginWrite, stepWrite, type WriteEvent, type WriteOutcome, type WriteRules } from "../protocol/write.ts";
import type { Touches } from "../spec/touches.ts";
import type { Announced, Publisher } from "./publisher.ts";

/** Sends a write to the database. Throws `WriteRefusedError`, if it is sure that nothing was written and nothing will be; any other error is taken for an unknown outcome. */
export type Send = (options: { readonly timestampMicros: number; readonly deadlineMs: number }) => Promise<StoreWrite>;

/** One write, ready to be done. */
export interface Job {
  readonly send: Send;
  readonly touches: Touches;
  readonly announced: Announced;
  readonly timestampMicros: number;
}

/** How a write ended, and the error of the step that ended it, if one did. */
export interface Ended {
  readonly outcome: WriteOutcome;
  readonly error: unknown;
}

interface Happened {
  readonly event: WriteEvent;
  readonly error?: unknown;
}

export interface RunWriteOptions {
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly rules: WriteRules;
  readonly onTouched: (touches: Touches) => void;
}

/** Does what the protocol says, step by step: the steps are decided in `protocol/write.ts`, and done here. */
export function createRunWrite({ clock, publisher, rules, onTouched }: RunWriteOptions): (job: Job) => Promise<Ended> {
  const publish = async (job: Job, kind: "fence" | "keys"): Promise<Happened> => {
    try {
      const position = await publisher.publish(kind, job.announced);
      return { event: kind === "fence" ? { type: "fence-acked" } : { type: "keys-acked", position } };
    } catch (error) {
      if (kind === "keys") return { event: { type: "keys-failed" }, error };
      const maybeStored = !(error instanceof LogUnavailableError) || job.announced.parts.length > 1; // another part may be
      return { event: { type: "fence-failed", maybeStored }, error };
    }
  };

  const writeDatabase = async ({ send, touches, timestampMicros }: Job): Promise<Happened> => {
    try {
      const { applied } = await send({ timestampMicros, deadlineMs: rules.databaseDeadlineMs });
      return { event: { type: "written", applied } };
    } catch (error) {
      return { event: { type: error instanceof WriteRefusedError ? "write-refused" : "write-unknown" }, error };
    } finally {
      onTouched(touches); // at once, and whatever the outcome: a touch too many costs one load
    }
  };

  return async (job) => {
    let state = beginWrite(clock.now());
    let happened = await publish(job, "fence");
    for (;;) {
      const step = stepWrite(state, happened.event, clock.now(), rules);
      state = step.state;
      const { error } = happened;
      let outcome: WriteOutcome | undefined;
      for (const effect of step.effects) {
        if (effect.type === "answer") outcome = effect.outcome;
        if (effect.type === "keep-publishing") publisher.keepPublishing(effect.kind, job.announced);
        if (effect.type === "write-database") happened = await writeDatabase(job);
        if (effect.type === "publish-keys") happened = await publish(job, "keys");
      }
      if (outcome !== undefined) return { outcome, error };
    }
  };
}
