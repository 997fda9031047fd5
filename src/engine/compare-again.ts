import type { Clock } from "../ports/clock.ts";
import { judge, type Verdict } from "../protocol/audit.ts";
import type { Copy } from "../protocol/copy.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { orphansOf } from "../protocol/orphans.ts";
import { type Held, hasExpired } from "./entries.ts";
import type { Asked } from "./obtain.ts";
import { createPauses } from "./pauses.ts";
import type { ReadTable } from "./read-value.ts";
import type { DifferenceCause } from "./statistics.ts";
import { render } from "./value.ts";
import { wantedOf } from "./wanted.ts";

/** What came of comparing one hit with the database. */
export type Compared = "agreed" | "overtaken" | "undecided" | DifferenceCause;

/** Compares what a hit was answered with and what the database holds, and waits until a difference is certain. */
export interface CompareAgain {
  /** Throws `StoreReadError`. */
  compare(asked: Asked, held: Held): Promise<Compared>;
  /** True while this copy is compared. */
  isComparing(copy: Copy): boolean;
  /** The copy is held no longer, though nothing touched it: what touches it from now on is not seen. */
  letGo(copy: Copy): void;
  close(): void;
}

export interface CompareAgainOptions {
  readonly state: FrontendState;
  readonly clock: Clock;
  readonly readTable: ReadTable;
}

/** How often a difference is looked at again until it is certain. */
const LOOK_EVERY_MS = 250;

export function createCompareAgain({ state, clock, readTable }: CompareAgainOptions): CompareAgain {
  const pauses = createPauses(clock);
  /** The copies that are compared, and whether they were let go meanwhile. */
  const comparing = new Map<Copy, { letGo: boolean }>();
  let closed = false;

  /** The JSON text of what a strong read finds. Throws `StoreReadError`. */
  const readAgain = async ({ key, keyText, params }: Asked): Promise<string | undefined> => {
    const read = await readTable(wantedOf(key, keyText, params), "strong");
    return read && render(read.value).json;
  };

  const judgeNow = ({ copy }: Held, readAt: Instant): Verdict | "let-go" =>
    comparing.get(copy)?.letGo ? "let-go" : judge(state, { copy, readAt });

  const judgeInTime = async (held: Held, readAt: Instant): Promise<Verdict | "let-go"> => {
    const { boundMs, fenceMs, settleMs } = state.settings;
    const windowsMs = 2 * (fenceMs + settleMs) + boundMs; // by then every window has ended, unless a clock was set back
    for (let waitedMs = 0; waitedMs < windowsMs && !closed; waitedMs += LOOK_EVERY_MS) {
      const verdict = judgeNow(held, readAt);
      if (verdict !== "unknown") return verdict;
      await pauses.pause(LOOK_EVERY_MS);
    }
    return "unknown";
  };

  const compare = async (asked: Asked, held: Held): Promise<Compared> => {
    const found = await readAgain(asked);
    if (found === held.json) return "agreed";
    const readAt = clock.now();
    if (hasExpired(held, readAt)) return "undecided"; // what expired in the database differs, too
    const verdict = await judgeInTime(held, readAt);
    if (verdict !== "stale") return verdict === "overtaken" ? "overtaken" : "undecided";
    const again = await readAgain(asked); // once more, to tell why
    const last = judgeNow(held, readAt);
    if (last === "stale") return causeOf(state, held, again);
    return last === "overtaken" ? "overtaken" : "undecided";
  };

  return {
    compare: async (asked, held) => {
      comparing.set(held.copy, { letGo: false });
      try {
        return await compare(asked, held);
      } finally {
        comparing.delete(held.copy);
      }
    },
    isComparing: (copy) => comparing.has(copy),
    letGo: (copy) => {
      const compared = comparing.get(copy);
      if (compared !== undefined) compared.letGo = true;
    },
    close: () => {
      closed = true;
      pauses.close();
    },
  };
}

function causeOf(state: FrontendState, { coherent, copy, json }: Held, readAgain: string | undefined): DifferenceCause {
  if (!coherent) return "weak";
  if (orphansOf(state.orphans, copy.subject).length > 0) return "orphaned";
  return readAgain === json ? "unsettled" : "unannounced";
}
