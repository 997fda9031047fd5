import { WriteUnknownError } from "../ports/store-errors.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { FenceFailedError, NotAnnouncedError } from "./errors.ts";
import type { Ended, Job } from "./run-write.ts";
import type { WriterStatistics, Written } from "./writer.ts";

/** Counts how writes end, and tells their callers. */
export interface Conclusions {
  /** What the caller is told. Throws for every end but done: see `Writer.write`. */
  conclude(job: Job, ended: Ended): Written;
  readonly counts: Readonly<Pick<WriterStatistics, "written" | "refused" | "unknown" | "notAnnounced">>;
}

export function createConclusions(telemetry: Telemetry): Conclusions {
  const counts = { written: 0, refused: 0, unknown: 0, notAnnounced: 0 };
  return {
    counts,
    conclude: (job, ended) => {
      const { outcome } = ended;
      if (outcome.kind === "nothing-written") counts.refused++;
      else if (outcome.kind === "unknown") counts.unknown++;
      else counts.written++;
      if (outcome.kind === "done-unannounced" || outcome.kind === "written-not-announced") {
        counts.notAnnounced++;
        telemetry.event("write-not-announced", { tables: job.touches.about.join(" ") });
      }
      return resultOf(job, ended);
    },
  };
}

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
