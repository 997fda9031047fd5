import type { Clock, Timer } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { judge, type Verdict } from "../protocol/audit.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { orphansOf } from "../protocol/orphans.ts";
import { claimOf } from "./audit-claim.ts";
import { type Held, hasExpired } from "./entries.ts";
import type { Asked } from "./obtain.ts";
import { createPauses } from "./pauses.ts";
import type { ReadTable } from "./read-value.ts";
import type { AuditReport, DifferenceCause } from "./statistics.ts";
import { render } from "./value.ts";
import { wantedOf } from "./wanted.ts";

/**
 * Compares now and then what a hit was answered with and what the database holds, counts what is certainly wrong, and drops it. Views are
 * left out: what they read is compared, and to read one again may cost thousands of reads.
 */
export interface Audit {
  /** True if the next hit is to be compared. */
  readonly wants: boolean;
  /** Compares what this hit was answered with. */
  take(asked: Asked, held: Held): void;
  start(): void;
  report(): AuditReport;
  close(): void;
}

export interface AuditOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The time between two samples; 0 for no audit. */
  readonly everyMs: number;
  readonly evict: (keyText: string) => void;
  readonly readTable: ReadTable;
  /** True while the database has more to do than to be audited. */
  readonly isBusy: () => boolean;
}

type Outcome = "agreed" | "overtaken" | "undecided" | "unread" | DifferenceCause;

/** How often a difference is looked at again until it is certain. */
const LOOK_EVERY_MS = 250;
/** Samples compared at the same time; while there are so many none is taken. */
const MAX_UNDER_WAY = 32;

export function createAudit(options: AuditOptions): Audit {
  const { state, clock, telemetry, everyMs, evict, readTable, isBusy } = options;
  const counts: Record<Outcome, number> = {
    ...{ agreed: 0, overtaken: 0, undecided: 0, unread: 0 },
    ...{ unannounced: 0, orphaned: 0, unsettled: 0, weak: 0 },
  };
  const pauses = createPauses(clock);
  let timer: Timer | undefined;
  let wants = false;
  let underWay = 0;
  let closed = false;

  /** The JSON text of what a strong read finds. Throws `StoreReadError`. */
  const readAgain = async ({ key, keyText, params }: Asked): Promise<string | undefined> => {
    const read = await readTable(wantedOf(key, keyText, params), "strong");
    return read && render(read.value).json;
  };

  const judgeNow = (held: Held, readAt: Instant): Verdict =>
    hasExpired(held, clock.now()) ? "overtaken" : judge(state, { copy: held.copy, readAt });

  const judgeInTime = async (held: Held, readAt: Instant): Promise<Verdict> => {
    const { boundMs, fenceMs, settleMs } = state.settings;
    const windowsMs = 2 * (fenceMs + settleMs) + boundMs; // by then every window has ended, unless a clock was set back
    for (let waitedMs = 0; waitedMs < windowsMs && !closed; waitedMs += LOOK_EVERY_MS) {
      const verdict = judgeNow(held, readAt);
      if (verdict !== "unknown") return verdict;
      await pauses.pause(LOOK_EVERY_MS);
    }
    return "unknown";
  };

  const compare = async (asked: Asked, held: Held): Promise<Outcome> => {
    if (isBusy()) return "unread";
    const found = await readAgain(asked);
    if (found === held.json) return "agreed";
    const readAt = clock.now();
    const verdict = await judgeInTime(held, readAt);
    if (verdict !== "stale") return verdict === "overtaken" ? "overtaken" : "undecided";
    const again = await readAgain(asked); // once more, to tell why
    return judgeNow(held, readAt) === "stale" ? causeOf(state, held, again) : "overtaken";
  };

  const note = (outcome: Outcome, { key, keyText }: Asked): void => {
    counts[outcome]++;
    if (!isDifference(outcome)) return;
    const tables = key.sources.map(({ table }) => table.name).join(" ");
    telemetry.event("audit-difference", { tables, cause: outcome });
    evict(keyText);
  };

  const wantNext = (): void => {
    wants = underWay < MAX_UNDER_WAY;
    timer = clock.after(everyMs, wantNext);
  };

  return {
    get wants() {
      return wants;
    },
    take: (asked, held) => {
      if (asked.key.reading.kind === "view") return;
      wants = false;
      underWay++;
      const outcome = compare(asked, held).catch((): Outcome => "unread");
      void outcome.then((of) => {
        underWay--;
        note(of, asked);
      });
    },
    start: () => {
      if (everyMs > 0) timer ??= clock.after(everyMs, wantNext);
    },
    report: () => reportOf(counts),
    close: () => {
      closed = true;
      wants = false;
      timer?.cancel();
      pauses.close();
    },
  };
}

const CAUSES = ["unannounced", "orphaned", "unsettled", "weak"] as const satisfies readonly DifferenceCause[];
const isDifference = (outcome: Outcome): outcome is DifferenceCause => CAUSES.some((cause) => cause === outcome);

function causeOf(state: FrontendState, { coherent, copy, json }: Held, readAgain: string | undefined): DifferenceCause {
  if (!coherent) return "weak";
  if (orphansOf(state.orphans, copy.subject).length > 0) return "orphaned";
  return readAgain === json ? "unsettled" : "unannounced";
}

function reportOf(counts: Readonly<Record<Outcome, number>>): AuditReport {
  const { agreed, overtaken, undecided, unread, ...differences } = counts;
  const wrong = CAUSES.reduce((sum, cause) => sum + differences[cause], 0);
  return { agreed, overtaken, undecided, unread, differences, claim: claimOf(agreed + wrong, wrong) };
}
