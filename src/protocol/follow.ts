import { touchAll } from "./coherence.ts";
import type { Feed } from "./feed.ts";
import { beginRead, hasHeard, joinAhead, jumpTo, moveAhead, moveApplied, placeRecord, restartAt } from "./feed.ts";
import {
  advance,
  applyMessage,
  type Effects,
  type FlushReason,
  type FrontendState,
  flush,
  quarantine,
} from "./frontend.ts";
import type { Instant } from "./instant.ts";
import { decodeMessage, type Message, MessageError } from "./message.ts";
import { type Epoch, type Sequence, sequence } from "./position.ts";
import { proveFrom, voidProof } from "./proof.ts";

/** A record of the log, as the feed needs it. */
export interface FeedRecord {
  readonly epoch: Epoch;
  readonly sequence: Sequence;
  readonly storedAt: string;
  readonly body: string;
}

/** A part of the log, and its extent when it was read. Records are without holes. */
export interface FeedSlice {
  readonly epoch: Epoch;
  readonly first: Sequence;
  readonly last: Sequence;
  readonly records: readonly FeedRecord[];
}

/** How far behind F + S a cold start looks: the clocks of this machine and of the log may differ by as much. */
export const CLOCK_SKEW_MS = 60_000;

/** The live feed is connected: replay F + S if cold, else apply the resume rule. */
export function onConnected(state: FrontendState, now: Instant, effects: Effects): void {
  advance(state, now, effects);
  state.feed.connected = true;
  state.feed.resumed = false;
  state.feed.ahead = undefined;
  if (state.feed.cold) replay(state, now, effects);
  else fill(state, effects);
}

export function onDisconnected(state: FrontendState): void {
  state.feed.connected = false;
  state.feed.phase = "waiting";
  state.feed.read++;
}

/** A record heard live. */
export function onRecord(state: FrontendState, record: FeedRecord, now: Instant, effects: Effects): void {
  advance(state, now, effects);
  const { feed } = state;
  const placed = placeRecord(feed, record);
  if (placed === "again") return;
  if (placed === "other-epoch" || placed === "regression") {
    changeHistory(
      state,
      placed === "regression" ? "rollback" : "other-epoch",
      record.epoch,
      record.sequence,
      record.storedAt,
      now,
      effects,
    );
    act(state, record, now, effects);
    return;
  }
  act(state, record, now, effects);
  if (placed === "next") moveApplied(feed, record.sequence, record.storedAt);
  else {
    feed.epoch ??= record.epoch;
    moveAhead(feed, record.sequence, record.storedAt);
    if (placed === "gap" && feed.phase === "live") {
      effects.changed({ what: "gap", from: sequence(feed.applied + 1), to: sequence(record.sequence - 1) });
      fill(state, effects);
    }
  }
  proveFrom(state.proof, feed.epoch, feed.applied);
}

/** The answer to the read that was asked for last; earlier ones are ignored. */
export function onSlice(state: FrontendState, read: number, slice: FeedSlice, now: Instant, effects: Effects): void {
  advance(state, now, effects);
  if (read !== state.feed.read) return;
  if (state.feed.phase === "replaying") onReplay(state, slice, now, effects);
  else if (state.feed.phase === "filling") onFill(state, slice, now, effects);
  proveFrom(state.proof, state.feed.epoch, state.feed.applied);
}

/** Applies one record; one that we cannot read may have named anything. */
function act(state: FrontendState, record: FeedRecord, now: Instant, effects: Effects): void {
  const message = understood(record.body);
  if (message !== undefined) {
    applyMessage(state, message, record.sequence, now, effects);
    return;
  }
  effects.changed({ what: "refused", sequence: record.sequence });
  flush(state, "bad-message", now, effects);
}

function understood(body: string): Message | undefined {
  try {
    return decodeMessage(body);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}

function replay(state: FrontendState, now: Instant, effects: Effects): void {
  const { feed, settings } = state;
  feed.phase = "replaying";
  const storedAtMs = Math.max(0, now.wallMs - settings.fenceMs - settings.settleMs - CLOCK_SKEW_MS);
  effects.read(beginRead(feed), { storedAtMs }, settings.maxFill);
}

/** Reads on from our own last record: it must still be there, and be the same (the resume rule). */
function fill(state: FrontendState, effects: Effects): void {
  const { feed, settings } = state;
  feed.phase = "filling";
  const from = feed.appliedStoredAt === undefined ? sequence(feed.applied + 1) : feed.applied;
  effects.read(beginRead(feed), { sequence: from }, settings.maxFill + 1);
}

/** A cold start: nothing that was being loaded counts, and a log that may not reach back F + S may have lost fences. */
function onReplay(state: FrontendState, slice: FeedSlice, now: Instant, effects: Effects): void {
  const { feed, settings } = state;
  touchAll(state.coherence);
  feed.cold = false;
  const oldest = slice.records[0];
  const tooLong = oldest !== undefined && slice.last - oldest.sequence >= settings.maxFill;
  if (feed.epoch !== undefined && feed.epoch !== slice.epoch) {
    changeHistory(state, "other-epoch", slice.epoch, slice.last, undefined, now, effects);
  } else {
    feed.epoch = slice.epoch;
    if (tooLong || !reachesBack(slice)) {
      quarantine(state, now);
      effects.changed({ what: "flush", why: "young-log" });
    }
    jumpTo(feed, oldest === undefined || tooLong ? slice.last : sequence(oldest.sequence - 1));
    applyOrFlush(state, tooLong ? [] : slice.records, slice, now, effects);
  }
  continueFill(state, slice, effects);
}

/** True if the log holds something from before the moment that was asked for: then nothing after it is missing. */
function reachesBack({ records, first, last }: FeedSlice): boolean {
  const oldest = records[0];
  return oldest === undefined ? last >= first && last > 0 : oldest.sequence > first;
}

function onFill(state: FrontendState, slice: FeedSlice, now: Instant, effects: Effects): void {
  const { feed, settings } = state;
  const broken = brokenResume(feed, slice);
  if (broken !== undefined) {
    changeHistory(state, broken, slice.epoch, slice.last, undefined, now, effects);
  } else if (slice.last - feed.applied > settings.maxFill) {
    flush(state, "gap-too-long", now, effects);
    jumpTo(feed, slice.last);
  } else applyOrFlush(state, slice.records, slice, now, effects);
  continueFill(state, slice, effects);
}

/** The resume rule: why this log is not the one we left, or undefined if it is. */
function brokenResume(feed: Feed, slice: FeedSlice): FlushReason | undefined {
  if (slice.epoch !== feed.epoch) return "other-epoch";
  if (slice.last < feed.applied || slice.last < feed.heardAtRead) return "rollback";
  if (feed.appliedStoredAt === undefined) {
    // We stand at a record that we never read. Within one connection it is the one we jumped to; after another it may be any.
    return !feed.resumed || slice.first > feed.applied + 1 ? "gap-lost" : undefined;
  }
  const own = slice.records[0];
  if (own?.sequence !== feed.applied) return "gap-lost";
  return own.storedAt === feed.appliedStoredAt ? undefined : "rollback";
}

function applyOrFlush(
  state: FrontendState,
  records: readonly FeedRecord[],
  { epoch, last }: FeedSlice,
  now: Instant,
  effects: Effects,
): void {
  const broken = applyRun(state, records, now, effects);
  if (broken !== undefined) changeHistory(state, broken, epoch, last, undefined, now, effects);
}

/** Applies the records that follow `applied`. Says why not, if one is missing among them, or is not the one that was heard live. */
function applyRun(
  state: FrontendState,
  records: readonly FeedRecord[],
  now: Instant,
  effects: Effects,
): FlushReason | undefined {
  const { feed } = state;
  if (records.some((record) => hasHeard(feed, record) === "other")) return "rollback";
  for (const record of records) {
    if (record.sequence <= feed.applied) continue;
    if (record.sequence !== feed.applied + 1) return "gap-lost";
    if (hasHeard(feed, record) === "never") act(state, record, now, effects);
    moveApplied(feed, record.sequence, record.storedAt);
  }
  return undefined;
}

/** Live once nothing is missing up to the head, and up to what was heard live. */
function continueFill(state: FrontendState, slice: FeedSlice, effects: Effects): void {
  const { feed } = state;
  feed.resumed = true;
  joinAhead(feed);
  if (feed.ahead !== undefined || feed.applied < slice.last) {
    fill(state, effects);
    return;
  }
  feed.phase = "live";
  effects.changed({ what: "live", applied: feed.applied });
}

/** Another epoch, or sequences given again: nothing we know of the log holds. */
function changeHistory(
  state: FrontendState,
  why: FlushReason,
  epoch: Epoch,
  at: Sequence,
  storedAt: string | undefined,
  now: Instant,
  effects: Effects,
): void {
  flush(state, why, now, effects);
  voidProof(state.proof);
  restartAt(state.feed, epoch, at, storedAt);
  state.feed.cold = false; // the flush stands in for a replay
  if (storedAt === undefined) return;
  state.feed.read++; // what a read under way answers is of the other history
  if (state.feed.phase !== "waiting") state.feed.phase = "live";
}
