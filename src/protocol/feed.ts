import { type Epoch, type Sequence, sequence } from "./position.ts";

/**
 * Where this frontend stands in the log.
 *
 *     waiting --connected--> replaying --reached the head--> live <--filled-- filling
 *        ^                                                    |  --gap, reconnected-->
 *        +--------------------- disconnected -----------------+
 *
 * Records heard live past a gap are acted on at once and remembered as the run `ahead`; `applied` moves over them when the gap is filled.
 * What was heard on an earlier connection may be of a history that the log has lost since, so `ahead` ends with its connection.
 */
export interface Feed {
  phase: FeedPhase;
  connected: boolean;
  epoch: Epoch | undefined;
  /** Everything up to here is applied, or flushed past. */
  applied: Sequence;
  /** When the record at `applied` was stored, in the log's words; undefined after a flush, until the next record. */
  appliedStoredAt: string | undefined;
  /** True once the resume rule was checked on this connection. */
  resumed: boolean;
  /** A run heard live beyond a gap. */
  ahead: { readonly from: Sequence; readonly to: Sequence; readonly storedAt: string } | undefined;
  /** The last records applied, to tell a second delivery from a sequence that was given again; at most `MAX_RECENT`. */
  readonly recent: Map<Sequence, string>;
  /** True until the log has been replayed once, or found not to reach back far enough. */
  cold: boolean;
  /** The read whose answer counts; the answers of earlier ones are ignored. */
  read: number;
  /** The last record heard when that read was asked for: a log that ends before it has gone back. */
  heardAtRead: Sequence;
}

export type FeedPhase = "waiting" | "replaying" | "filling" | "live";

const MAX_RECENT = 8192;

export function createFeed(): Feed {
  return {
    phase: "waiting",
    connected: false,
    epoch: undefined,
    applied: sequence(0),
    appliedStoredAt: undefined,
    resumed: false,
    ahead: undefined,
    recent: new Map(),
    cold: true,
    read: 0,
    heardAtRead: sequence(0),
  };
}

/** What a live record means, given where we stand. */
export type Placed = "next" | "gap" | "ahead" | "again" | "regression" | "other-epoch" | "early";

/** Places a live record. Pure: nothing moves yet. */
export function placeRecord(
  feed: Feed,
  record: { readonly epoch: Epoch; readonly sequence: Sequence; readonly storedAt: string },
): Placed {
  if (feed.epoch === undefined) return "early";
  if (record.epoch !== feed.epoch) return "other-epoch";
  const { applied, ahead } = feed;
  const heard = hasHeard(feed, record);
  if (heard === "other") return "regression"; // wherever we stand: it was perhaps heard on an earlier connection, beyond a gap
  const isBehind = record.sequence <= applied || (ahead !== undefined && record.sequence <= ahead.to);
  if (isBehind) return heard === "same" ? "again" : "regression";
  if (ahead !== undefined) return record.sequence === ahead.to + 1 ? "ahead" : "gap";
  // While the resume rule is being checked, even the next record waits beside the feed: it may belong to another history.
  return record.sequence === applied + 1 && feed.phase === "live" ? "next" : "gap";
}

/** Whether this record was heard before: this very one, or another in its place. */
export function hasHeard(
  feed: Feed,
  record: { readonly sequence: Sequence; readonly storedAt: string },
): "same" | "other" | "never" {
  const heard = feed.recent.get(record.sequence);
  if (heard === undefined) return "never";
  return heard === record.storedAt ? "same" : "other";
}

/** Moves `applied` to this record. */
export function moveApplied(feed: Feed, at: Sequence, storedAt: string): void {
  feed.applied = at;
  feed.appliedStoredAt = storedAt;
  remember(feed, at, storedAt);
}

/** Remembers a record heard beyond a gap. */
export function moveAhead(feed: Feed, at: Sequence, storedAt: string): void {
  remember(feed, at, storedAt);
  const from = feed.ahead !== undefined && at === feed.ahead.to + 1 ? feed.ahead.from : at;
  feed.ahead = { from, to: at, storedAt };
}

/** Stands at `head` without having read what lies before it: the caller has flushed. What was heard beyond it still counts. */
export function jumpTo(feed: Feed, head: Sequence): void {
  feed.applied = head;
  feed.appliedStoredAt = undefined;
}

/** Stands at `at` of another history, where sequences mean other records: the caller has flushed. */
export function restartAt(feed: Feed, epoch: Epoch, at: Sequence, storedAt: string | undefined): void {
  feed.epoch = epoch;
  feed.ahead = undefined;
  feed.recent.clear();
  feed.applied = at;
  feed.appliedStoredAt = storedAt;
  if (storedAt !== undefined) remember(feed, at, storedAt);
}

/** Begins a read of the log; the answers of earlier ones count no more. */
export function beginRead(feed: Feed): number {
  feed.heardAtRead = feed.ahead?.to ?? feed.applied;
  return ++feed.read;
}

/**
 * Moves over the run heard live, once nothing is missing before it. Only after a read: what was heard when it was asked for has then been
 * found in the log again, so the run is of the same history as what fills the gap before it.
 */
export function joinAhead(feed: Feed): void {
  if (feed.ahead === undefined || feed.applied < feed.ahead.from - 1) return;
  if (feed.ahead.to >= feed.applied) {
    feed.applied = feed.ahead.to;
    feed.appliedStoredAt = feed.ahead.storedAt;
  }
  feed.ahead = undefined;
}

function remember(feed: Feed, at: Sequence, storedAt: string): void {
  feed.recent.set(at, storedAt);
  const oldest = feed.recent.keys().next();
  if (feed.recent.size > MAX_RECENT && !oldest.done) feed.recent.delete(oldest.value);
}
