import { type FeedRecord, onConnected, onRecord, onSlice } from "../../src/protocol/follow.ts";
import { type Change, createFrontend, type Effects, type FrontendState } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import { encodeMessage, type Fence, type Keys, type Message, type Touch } from "../../src/protocol/message.ts";
import type { Subject } from "../../src/protocol/names.ts";
import { type Epoch, epoch, type Sequence, sequence } from "../../src/protocol/position.ts";
import { type ProtocolSettings, protocolSettings } from "../../src/protocol/settings.ts";

/** A moment at which both clocks agree. */
export const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms });

export const E1 = epoch("E1");
export const E2 = epoch("E2");
export const SPEC = "spec-1";

/** F, S and B of these tests, in milliseconds. */
export const F = 30_000;
export const S = 10_000;
export const B = 10_000;

/** A key of table `users` in partition `users/<n>`. */
export const user = (n: number): Subject => ({ key: `users_${n}`, partitions: [`users/${n}`], tables: ["users"] });

/** A view: it has no table of its own, and depends on what it reads. */
export const view = (key: string): Subject => ({ key, partitions: [], tables: [] });

interface Said {
  readonly write?: string;
  readonly part?: number;
  readonly parts?: number;
  readonly spec?: string;
  readonly keys?: readonly string[];
  readonly partitions?: readonly string[];
  readonly tables?: readonly string[];
  readonly about?: readonly string[];
}

const said = (of: Said) => ({
  v: 1 as const,
  spec: of.spec ?? SPEC,
  write: of.write ?? "w1",
  part: of.part ?? 1,
  parts: of.parts ?? 1,
  keys: [...(of.keys ?? [])],
  partitions: [...(of.partitions ?? [])],
  tables: [...(of.tables ?? [])],
  about: [...(of.about ?? ["users"])],
});

export const fence = (of: Said & { readonly conditional?: true }): Fence => ({
  kind: "fence",
  ...said(of),
  ...(of.conditional && { conditional: true as const }),
});
export const keys = (of: Said): Keys => ({ kind: "keys", ...said(of) });
export const touch = (of: Said): Touch => ({ kind: "touch", ...said(of) });
export const tick = (name: string, flush?: true): Message => ({
  kind: "tick",
  v: 1,
  tick: name,
  ...(flush && { flush }),
});

/** A record of the log, stored in the life of the log called `life`: another life stores other records at the same sequences. */
export function record(n: number, of: Message | string, life = "", inEpoch: Epoch = E1): FeedRecord {
  const body = typeof of === "string" ? of : encodeMessage(of);
  return { epoch: inEpoch, sequence: sequence(n), storedAt: `t${n}${life}`, body };
}

/** How far the log goes that answers a read, where that is more than the records given. */
export interface Extent {
  readonly first?: number;
  readonly last?: number;
  readonly epoch?: Epoch;
}

/** One read that the protocol asked for. */
export interface AskedRead {
  readonly read: number;
  readonly from: { readonly sequence: Sequence } | { readonly storedAtMs: number };
  readonly limit: number;
}

export interface FrontendUnderTest {
  readonly state: FrontendState;
  readonly effects: Effects;
  readonly evicted: string[];
  readonly reads: AskedRead[];
  readonly changes: Change[];
  hear(record: FeedRecord, now?: Instant): void;
  /** Answers the read that was asked for last, with a log that holds these records. */
  answer(log: readonly FeedRecord[], extent?: Extent, now?: Instant): void;
  /** What flushes happened, in order. */
  readonly flushes: readonly string[];
}

export interface FrontendTestOptions {
  readonly weak?: boolean;
  readonly settings?: Partial<ProtocolSettings>;
  readonly tables?: readonly string[];
}

export function frontend({
  weak = false,
  settings = {},
  tables = ["users"],
}: FrontendTestOptions = {}): FrontendUnderTest {
  const state = createFrontend({
    settings: protocolSettings({ fenceMs: F, settleMs: S, boundMs: B, partitionSlots: 64, ...settings }),
    spec: SPEC,
    tables,
    weak,
  });
  const evicted: string[] = [];
  const reads: AskedRead[] = [];
  const changes: Change[] = [];
  const effects: Effects = {
    evict: (key) => evicted.push(key),
    read: (read, from, limit) => reads.push({ read, from, limit }),
    changed: (change) => changes.push(change),
  };
  return {
    state,
    effects,
    evicted,
    reads,
    changes,
    hear: (heard, now = at(0)) => onRecord(state, heard, now, effects),
    answer: (log, extent = {}, now = at(0)) => answerLast(state, effects, reads, log, extent, now),
    get flushes() {
      return changes.flatMap((change) => (change.what === "flush" ? [change.why] : []));
    },
  };
}

function answerLast(
  state: FrontendState,
  effects: Effects,
  reads: readonly AskedRead[],
  log: readonly FeedRecord[],
  extent: Extent,
  now: Instant,
): void {
  const asked = reads.at(-1);
  if (asked === undefined) throw new Error("nothing was asked for");
  const { from } = asked;
  const last = extent.last ?? log.at(-1)?.sequence ?? 0;
  const first = extent.first ?? log[0]?.sequence ?? last + 1;
  const records = log.filter((r) => r.sequence >= first && (!("sequence" in from) || r.sequence >= from.sequence));
  const slice = { epoch: extent.epoch ?? E1, first: sequence(first), last: sequence(last) };
  onSlice(state, asked.read, { ...slice, records: records.slice(0, asked.limit) }, now, effects);
}

/** A frontend that stands at record 10 of a log of which all records up to 10 are ticks of old; nothing is open. */
export function liveFrontend(options: FrontendTestOptions = {}): FrontendUnderTest {
  const under = frontend(options);
  onConnected(under.state, at(0), under.effects);
  under.answer([record(9, tick("t9")), record(10, tick("t10"))], { first: 1 });
  under.changes.length = 0;
  return under;
}
