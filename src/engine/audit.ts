import type { Clock, Timer } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Copy } from "../protocol/copy.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import { claimOf } from "./audit-claim.ts";
import { type Compared, createCompareAgain } from "./compare-again.ts";
import type { Held } from "./entries.ts";
import type { Asked } from "./obtain.ts";
import type { ReadTable } from "./read-value.ts";
import type { AuditReport, DifferenceCause } from "./statistics.ts";

/**
 * Compares now and then what a hit was answered with and what the database holds, counts what is certainly wrong, and drops it. Views are
 * left out: what they read is compared, and to read one again may cost thousands of reads.
 */
export interface Audit {
  /** True if the next hit is to be compared. */
  readonly wants: boolean;
  /** Compares what this hit was answered with. */
  take(asked: Asked, held: Held): void;
  /** The copy is held no longer, though nothing touched it. */
  letGo(copy: Copy): void;
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

type Outcome = Compared | "unread";

/** Samples compared at the same time; while there are so many none is taken. */
const MAX_UNDER_WAY = 32;

export function createAudit(options: AuditOptions): Audit {
  const { clock, telemetry, everyMs, evict, isBusy } = options;
  const counts: Record<Outcome, number> = {
    ...{ agreed: 0, overtaken: 0, undecided: 0, unread: 0 },
    ...{ unannounced: 0, orphaned: 0, unsettled: 0, weak: 0 },
  };
  const again = createCompareAgain(options);
  let timer: Timer | undefined;
  let wants = false;
  let underWay = 0;

  const compare = async (asked: Asked, held: Held): Promise<Outcome> => {
    if (isBusy()) return "unread";
    return again.compare(asked, held).catch((): Outcome => "unread");
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
      if (asked.key.reading.kind === "view" || again.isComparing(held.copy)) return;
      wants = false;
      underWay++;
      void compare(asked, held).then((outcome) => {
        underWay--;
        note(outcome, asked);
      });
    },
    letGo: again.letGo,
    start: () => {
      if (everyMs > 0) timer ??= clock.after(everyMs, wantNext);
    },
    report: () => reportOf(counts),
    close: () => {
      wants = false;
      timer?.cancel();
      again.close();
    },
  };
}

const CAUSES = ["unannounced", "orphaned", "unsettled", "weak"] as const satisfies readonly DifferenceCause[];
const isDifference = (outcome: Outcome): outcome is DifferenceCause => CAUSES.some((cause) => cause === outcome);

function reportOf(counts: Readonly<Record<Outcome, number>>): AuditReport {
  const { agreed, overtaken, undecided, unread, ...differences } = counts;
  const wrong = CAUSES.reduce((sum, cause) => sum + differences[cause], 0);
  return { agreed, overtaken, undecided, unread, differences, claim: claimOf({ agreed, wrong, undecided }) };
}
