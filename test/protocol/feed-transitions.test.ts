import { describe, expect, it } from "vitest";
import { isCurrent } from "../../src/protocol/coherence.ts";
import type { FeedPhase } from "../../src/protocol/feed.ts";
import { onConnected, onDisconnected } from "../../src/protocol/follow.ts";
import { beginLoad } from "../../src/protocol/load.ts";
import { at, E2, type FrontendUnderTest, frontend, liveFrontend, record, tick, user } from "./support.ts";

/** Everything that can happen to a feed that stands at record 10, of a log whose head is 12. */
type FeedEvent =
  | "connected"
  | "disconnected"
  | "hears the next record"
  | "hears a record beyond a gap"
  | "hears its last record again"
  | "hears another record at its sequence"
  | "hears another epoch"
  | "reads up to the head"
  | "reads a part"
  | "reads a log that went back"
  | "reads a log that forgot"
  | "reads another epoch"
  | "is answered an earlier read";

interface Expected {
  readonly phase: FeedPhase;
  readonly applied: number;
  /** True if everything known was dropped. */
  readonly flushed?: true;
  /** True if the log is asked for more. */
  readonly asks?: true;
}

const ticks = (from: number, to: number, life = "") =>
  Array.from({ length: to - from + 1 }, (_, i) => record(from + i, tick(`t${from + i}${life && "n"}`), life));

const EVENTS: Readonly<Record<FeedEvent, (under: FrontendUnderTest) => void>> = {
  connected: ({ state, effects }) => onConnected(state, at(0), effects),
  disconnected: ({ state }) => onDisconnected(state),
  "hears the next record": (under) => under.hear(record(11, tick("t11"))),
  "hears a record beyond a gap": (under) => under.hear(record(12, tick("t12"))),
  "hears its last record again": (under) => under.hear(record(10, tick("t10"))),
  "hears another record at its sequence": (under) => under.hear(record(10, tick("n10"), "'")),
  "hears another epoch": (under) => under.hear(record(3, tick("e3"), "", E2)),
  "reads up to the head": (under) => answer(under, ticks(9, 12)),
  "reads a part": (under) => answer(under, ticks(9, 11), 12),
  "reads a log that went back": (under) => answer(under, ticks(8, 9)),
  "reads a log that forgot": (under) => answer(under, ticks(12, 12), 12, 12),
  "reads another epoch": (under) => under.answer(ticks(9, 12, "'"), { first: 1, epoch: E2 }),
  "is answered an earlier read": (under) => {
    const asked = under.reads.at(-1);
    if (asked !== undefined) under.reads.push({ ...asked, read: asked.read - 1 });
    under.answer(ticks(9, 12), { first: 1 });
  },
};

/** Answers the last read; `last` beyond the records given stands for a limit that cut them short. */
function answer(under: FrontendUnderTest, records: ReturnType<typeof ticks>, last?: number, first = 1): void {
  under.answer(records, { first, ...(last !== undefined && { last }) });
}

const START: Readonly<Record<FeedPhase, () => FrontendUnderTest>> = {
  waiting: () => {
    const under = liveFrontend();
    onDisconnected(under.state);
    return under;
  },
  replaying: () => {
    const under = frontend();
    onConnected(under.state, at(0), under.effects);
    return under;
  },
  filling: () => {
    const under = liveFrontend();
    onDisconnected(under.state);
    onConnected(under.state, at(0), under.effects);
    return under;
  },
  live: () => liveFrontend(),
};

const waiting = (applied = 10): Expected => ({ phase: "waiting", applied });
const filling = (applied = 10): Expected => ({ phase: "filling", applied });
const asks = (applied = 10): Expected => ({ phase: "filling", applied, asks: true });
const live = (applied: number): Expected => ({ phase: "live", applied });
const flushed = (applied: number, phase: FeedPhase = "live"): Expected => ({ phase, applied, flushed: true });

/** One cell per phase and event: the compiler demands each. A frontend that replays has applied nothing, and drops everything in the end. */
const TABLE: Readonly<Record<FeedPhase, Readonly<Record<FeedEvent, Expected>>>> = {
  waiting: {
    connected: asks(),
    disconnected: waiting(),
    "hears the next record": waiting(),
    "hears a record beyond a gap": waiting(),
    "hears its last record again": waiting(),
    "hears another record at its sequence": flushed(10, "waiting"),
    "hears another epoch": flushed(3, "waiting"),
    "reads up to the head": waiting(),
    "reads a part": waiting(),
    "reads a log that went back": waiting(),
    "reads a log that forgot": waiting(),
    "reads another epoch": waiting(),
    "is answered an earlier read": waiting(),
  },
  replaying: {
    connected: { phase: "replaying", applied: 0, asks: true },
    disconnected: waiting(0),
    "hears the next record": { phase: "replaying", applied: 0 },
    "hears a record beyond a gap": { phase: "replaying", applied: 0 },
    "hears its last record again": { phase: "replaying", applied: 0 },
    "hears another record at its sequence": { phase: "replaying", applied: 0 },
    "hears another epoch": { phase: "replaying", applied: 0 },
    "reads up to the head": flushed(12),
    "reads a part": { ...flushed(11, "filling"), asks: true },
    "reads a log that went back": flushed(9),
    "reads a log that forgot": flushed(12),
    "reads another epoch": flushed(12),
    "is answered an earlier read": { phase: "replaying", applied: 0 },
  },
  filling: {
    connected: asks(),
    disconnected: waiting(),
    "hears the next record": filling(),
    "hears a record beyond a gap": filling(),
    "hears its last record again": filling(),
    "hears another record at its sequence": flushed(10),
    "hears another epoch": flushed(3),
    "reads up to the head": live(12),
    "reads a part": asks(11),
    "reads a log that went back": flushed(9),
    "reads a log that forgot": flushed(12),
    "reads another epoch": flushed(12),
    "is answered an earlier read": filling(),
  },
  live: {
    connected: asks(),
    disconnected: waiting(),
    "hears the next record": live(11),
    "hears a record beyond a gap": asks(),
    "hears its last record again": live(10),
    "hears another record at its sequence": flushed(10),
    "hears another epoch": flushed(3),
    "reads up to the head": live(10),
    "reads a part": live(10),
    "reads a log that went back": live(10),
    "reads a log that forgot": live(10),
    "reads another epoch": live(10),
    "is answered an earlier read": live(10),
  },
};

const cells = Object.entries(START).flatMap(([phase, start]) =>
  Object.entries(EVENTS).map(([event, happens]) => ({ phase, event, start, happens })),
);

const cellOf = (phase: string, event: string): Expected => {
  const row = Object.entries(TABLE).find(([name]) => name === phase)?.[1];
  const cell = row && Object.entries(row).find(([name]) => name === event)?.[1];
  if (cell === undefined) throw new Error(`no cell for ${phase}, ${event}`);
  return cell;
};

describe("I5: where a feed stands, whatever happens", () => {
  it.each(cells)("$phase: $event", ({ phase, event, start, happens }) => {
    const under = start();
    const { copy } = beginLoad(under.state, user(42), "strong", true, at(0));
    const readsBefore = under.reads.length;
    happens(under);
    const asked = event.includes("earlier") ? under.reads.length - readsBefore - 1 : under.reads.length - readsBefore;
    const { flushed: drops = false, asks: more = false, ...stands } = cellOf(phase, event);
    expect(under.state.feed).toMatchObject(stands);
    expect(!isCurrent(under.state.coherence, copy)).toBe(drops);
    expect(asked > 0).toBe(more);
  });
});
