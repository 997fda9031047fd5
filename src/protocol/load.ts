import { beginCopy, isCurrent, joinable, landCopy, passingCopy, releaseCopy } from "./coherence.ts";
import type { Copy } from "./copy.ts";
import type { FrontendState } from "./frontend.ts";
import { ageMs, type Instant } from "./instant.ts";
import type { Subject } from "./names.ts";
import { orphansOf } from "./orphans.ts";
import { proofAgeMs } from "./proof.ts";
import { isOpenOn } from "./windows.ts";

/** The level a load must read at: see `ReadLevel` of the store port. */
export type LoadLevel = "strong" | "weak" | "serial";

/** A load that may begin. */
export interface Load {
  readonly copy: Copy;
  readonly level: LoadLevel;
  readonly startedAt: Instant;
  /** The longest life of what it brings, after an orphaned write; undefined for no limit. */
  readonly ttlCapMs: number | undefined;
}

/** Rule 9, second half: the proof is no older than the bound. Read the clock per request: a paused process must not think it is current. */
export function isProven(state: FrontendState, now: Instant): boolean {
  return proofAgeMs(state.proof, now) <= state.settings.boundMs;
}

/**
 * Rule 6: begins a load as of now. Join one by `flightToJoin` first. With `keep` false its value only answers, and is never stored:
 * that is a bypass, and strong whatever is wanted, because others may join it who have less proof than the one who began it.
 */
export function beginLoad(
  state: FrontendState,
  subject: Subject,
  wanted: "strong" | "weak",
  keep: boolean,
  now: Instant,
): Load {
  const orphans = orphansOf(state.orphans, subject);
  const ttlCapMs = orphans.length > 0 ? state.settings.orphanTtlMs : undefined;
  const level = orphans.some((o) => o.conditional) ? "serial" : levelOf(state, subject, keep ? wanted : "strong", now);
  const copy = keep ? beginCopy(state.coherence, subject) : passingCopy(state.coherence, subject);
  return { copy, level, startedAt: now, ttlCapMs };
}

function levelOf(state: FrontendState, subject: Subject, wanted: "strong" | "weak", now: Instant): LoadLevel {
  if (wanted === "strong" || !state.weak) return "strong";
  return isOpenOn(state.windows, subject) || !isProven(state, now) ? "strong" : "weak";
}

/**
 * A load has its value. True if the value may be stored: nothing touched it since it began (rule 7). Else it answers those who asked
 * for it, and is forgotten.
 */
export function finishLoad(state: FrontendState, load: Load): boolean {
  if (!isCurrent(state.coherence, load.copy)) {
    releaseCopy(state.coherence, load.copy);
    return false;
  }
  landCopy(state.coherence, load.copy);
  return true;
}

/**
 * True if something that this load read was touched since it began. Ask before it is finished or abandoned, and of every load that was
 * joined: those who joined it may have asked after the touch, because a view that waits for another learns only in the end what that one
 * read. What they load or join then began after they asked.
 */
export function wasTouched(state: FrontendState, load: Load): boolean {
  return !isCurrent(state.coherence, load.copy);
}

/** A load failed, or what it brought is not to be stored. */
export function abandonLoad(state: FrontendState, load: Load): void {
  releaseCopy(state.coherence, load.copy);
}

/** The flight that a request may join: one that began after the last touch of what it reads. */
export function flightToJoin(state: FrontendState, key: string): Copy | undefined {
  return joinable(state.coherence, key);
}

/**
 * True if a request that arrives now, without proof, may join this bypass: it began no longer ago than the bound, and nothing at all was
 * touched since. A bypass is not detached by a touch as flights are, because nothing of it is kept.
 */
export function mayJoinBypass(state: FrontendState, load: Load, now: Instant): boolean {
  return load.copy.asOf === state.coherence.tick && ageMs(load.startedAt, now) <= state.settings.boundMs;
}
