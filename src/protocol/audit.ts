import { isCurrent } from "./coherence.ts";
import type { Copy } from "./copy.ts";
import type { FrontendState } from "./frontend.ts";
import type { Instant } from "./instant.ts";
import { isOpenOn } from "./windows.ts";

/** A held value that was found to differ from the database, by a strong read of its own. */
export interface Suspect {
  readonly copy: Copy;
  /** When that read had its answer: whatever it saw had landed by then. */
  readonly readAt: Instant;
}

/**
 * `stale`: it is wrong, and nothing on its way will put it right. `overtaken`: it counts no more, so it was not. `unknown`: ask again later.
 */
export type Verdict = "stale" | "overtaken" | "unknown";

/**
 * What the difference means. The write that made it was announced by a fence before it landed, so a probe sent after the read proves that
 * the fence was heard: then either its window is still open, whose end will touch the copy, or its keys were heard, which have touched it.
 * If the copy counts all the same, nobody announced that write.
 */
export function judge(state: FrontendState, { copy, readAt }: Suspect): Verdict {
  if (!isCurrent(state.coherence, copy)) return "overtaken";
  const { provenAt } = state.proof;
  if (provenAt === undefined || provenAt.monotonicMs <= readAt.monotonicMs) return "unknown";
  return isOpenOn(state.windows, copy.subject) ? "unknown" : "stale";
}
