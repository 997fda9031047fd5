import type { Fault, Scenario, SubjectName, WriteOf } from "./coherence-scenario.ts";

/** What can happen to a write, to a record on its way, and to an entry. Replicas that lag are a matter of weak mode: a strong read takes the newer. */
const WRITE: readonly Fault[] = ["crash", "paused", "timeout", "lost-write", "ack-lost", "refused"];
const RECORD: readonly Fault[] = ["lost-record", "lost-log", "stored-again", "heard-late", "heard-twice"];
const EVERY: readonly Fault[] = [...WRITE, ...RECORD, "evicted"];
/** What is left where only acknowledged writes count. */
const ACKNOWLEDGED: readonly Fault[] = [...RECORD, "evicted", "refresh", "bypass"];

const one: readonly WriteOf[] = [{ keys: ["k1"] }];
const two: readonly WriteOf[] = [{ keys: ["k1"] }, { keys: ["k1"] }];
const batch: readonly WriteOf[] = [{ keys: ["k1", "k2"] }];
const inParts: readonly WriteOf[] = [{ keys: ["k1", "k2"], inParts: true }];
const conditional: readonly WriteOf[] = [{ keys: ["k1"], conditional: true }];

type Rest = Omit<Scenario, "name" | "faults" | "writes" | "reads" | "maxLoads"> & Partial<Scenario>;

const strong = (name: string, faults: readonly Fault[], rest: Rest = {}): Scenario => ({
  name,
  faults,
  writes: one,
  reads: ["k1"],
  maxLoads: 1,
  ...rest,
});
const weak = (name: string, faults: readonly Fault[], rest: Rest = {}): Scenario =>
  strong(name, faults, { weak: true, ...rest });

const views: readonly SubjectName[] = ["k1", "view"];
const both: readonly SubjectName[] = ["k1", "k2"];

/** Small enough for every push. */
export const QUICK: readonly Scenario[] = [
  strong("strong, 1 write, all that can happen to a write", [...WRITE, "evicted"]),
  strong("strong, 1 write, all that can happen to a record", ["crash", ...RECORD]),
  strong("strong, 2 writes, crash and timeout", ["crash", "timeout"], { writes: two }),
  weak("weak, 1 write, lag and crash", ["lag", "crash", "evicted"], { maxLoads: 2 }),
  weak("weak, 1 write, lag, timeout, late write, lost record", ["lag", "timeout", "lost-write", "lost-record"]),
  weak("weak, 1 write, lag, the log forgets", ["lag", "lost-log", "crash", "tick"]),
  strong("strong, by partition, refreshed and bypassed", ["crash", "refresh", "bypass"], {
    writes: [{ keys: ["k1"], by: "partition" }],
    maxLoads: 2,
  }),
  strong("strong, by table, crash and timeout", ["crash", "timeout"], {
    writes: [{ keys: ["k1"], by: "table" }],
    maxLoads: 2,
  }),
  strong("strong, refreshed and bypassed", ["refresh", "bypass", "evicted"], { maxLoads: 2 }),
  strong("strong, clocks skewed: the second write bears the earlier time", ["crash", "timeout", "lost-write"], {
    writes: two,
    timestamps: [2, 1],
    inTurn: true,
  }),
  strong("a conditional write left undecided", ["undecided", "crash", "timeout", "stored-again"], {
    writes: conditional,
  }),
  strong("readers ask for the position of a write", ["position", "lost-record"], { maxLoads: 2 }),
  strong("the audit finds another value than is held", ["audit", "crash", "timeout", "lost-write", "ack-lost"]),
  weak("weak, the audit finds another value than is held", ["audit", "lag", "crash", "lost-record"]),
  strong("a view and its dependency", ["evicted"], { reads: views, maxLoads: 2 }),
  strong("a view of a view", ["crash"], { reads: ["outer"], maxLoads: 3 }),
  strong("a view of a view, by another key spec", [], {
    writes: [{ keys: ["k1"], by: "other-spec" }],
    reads: ["outer"],
    maxLoads: 3,
  }),
  strong("strong, the frontend is started anew", ["crash", "lost-log", "restart"]),
  weak("weak, the frontend is started anew", ["crash", "lag", "lost-log", "restart"]),
  strong("two keys in one batch", ["crash"], { writes: batch, reads: both }),
  strong("two keys in one batch of two parts", ["crash"], { writes: inParts, reads: both }),
  strong("acknowledged writes only, windows end at any moment", ["lag", "lost-record", "stored-again"], {
    endsAnyTime: true,
    maxLoads: 2,
  }),
];

/** All faults together, two writers, two loads: minutes each. The longest come first. */
export const FULL: readonly Scenario[] = [
  strong(
    "strong, 2 writes, crash, timeout, late write, records lost and stored again",
    ["crash", "timeout", "lost-write", "lost-record", "lost-log", "stored-again", "evicted"],
    { writes: two },
  ),
  strong(
    "strong, 2 writes, all that can happen to a write, records lost",
    [...WRITE, "lost-record", "lost-log", "evicted"],
    { writes: two },
  ),
  strong(
    "acknowledged writes only, 2 writes, windows end at any moment",
    ["lost-record", "heard-late", "stored-again"],
    { endsAnyTime: true, writes: two },
  ),
  strong(
    "the audit, 2 writes, crash, timeout, late write, records lost and late",
    [
      ...["audit", "crash", "timeout", "lost-write", "lost-record", "heard-late", "evicted"],
    ] as const satisfies readonly Fault[],
    { writes: two },
  ),
  weak("weak, the audit, all that can happen to a write, lost record", [
    "audit",
    "lag",
    ...WRITE.filter((fault) => fault !== "paused"),
    "lost-record",
  ]),
  strong("two keys in one batch, every fault", EVERY, { writes: batch, reads: both }),
  strong(
    "a conditional write left undecided, every fault that leaves its fence",
    [
      "undecided",
      "crash",
      "paused",
      "timeout",
      "ack-lost",
      "lost-record",
      "stored-again",
      "heard-late",
      "heard-twice",
      "evicted",
      "refresh",
    ],
    { writes: conditional, maxLoads: 2 },
  ),
  strong("strong, 1 write, every fault, 2 loads, refreshed, bypassed", [...EVERY, "refresh", "bypass"], {
    maxLoads: 2,
  }),
  weak("weak, 1 write, every fault, 2 loads", ["lag", ...EVERY], { maxLoads: 2 }),
  weak("weak, 1 write, all that can happen to it, lost record, lost log, a tick", [
    "lag",
    ...WRITE,
    "lost-record",
    "lost-log",
    "tick",
  ]),
  strong("strong, 1 write, every fault, a tick", [...EVERY, "tick"]),
  strong("acknowledged writes only, windows end at any moment, every fault", ACKNOWLEDGED, {
    endsAnyTime: true,
    maxLoads: 2,
  }),
  strong(
    "strong, 2 writes, records lost, late and twice",
    ["crash", "timeout", "lost-record", "heard-late", "heard-twice"],
    { writes: two },
  ),
  weak(
    "weak, 2 writes, crash, timeout, late write, lost record, lost log",
    ["lag", "crash", "timeout", "lost-write", "lost-record", "lost-log", "evicted"],
    { writes: two },
  ),
  weak("weak, 2 writes, all that can happen to a write", ["lag", ...WRITE], { writes: two }),
  weak("weak, 2 writes, crash, records late and stored again", ["lag", "crash", "heard-late", "stored-again"], {
    writes: two,
  }),
  strong(
    "strong, clocks skewed, all that can happen to a write, lost records",
    [...WRITE, "lost-record", "lost-log", "evicted"],
    { writes: two, timestamps: [2, 1], inTurn: true },
  ),
  weak(
    "weak, clocks skewed: the second write bears the earlier time",
    ["lag", "crash", "timeout", "lost-write", "lost-record", "lost-log"],
    { writes: two, timestamps: [2, 1], inTurn: true },
  ),
  strong("strong, 2 writes, 2 loads, crash, timeout, refreshed, bypassed", ["crash", "timeout", "refresh", "bypass"], {
    writes: two,
    maxLoads: 2,
  }),
  strong("strong, 2 writes, started anew", ["crash", "timeout", "restart"], { writes: two }),
  strong("strong, 2 writes, lost record, lost log, a tick", ["crash", "lost-record", "lost-log", "tick"], {
    writes: two,
  }),
  strong("strong, 1 write, all that can happen to it, lost records, started anew", [
    ...WRITE,
    "lost-record",
    "lost-log",
    "restart",
  ]),
  weak("weak, 1 write, crash, timeout, late write, lost log, started anew", [
    "lag",
    "crash",
    "timeout",
    "lost-write",
    "lost-log",
    "restart",
  ]),
  weak("weak, by partition, every fault", ["lag", ...EVERY], { writes: [{ keys: ["k1"], by: "partition" }] }),
  weak("weak, by table, all that can happen to a write", ["lag", ...WRITE, "lost-record", "evicted"], {
    writes: [{ keys: ["k1"], by: "table" }],
  }),
  strong(
    "readers ask for positions, 2 writes, crash, timeout, lost record, lost log",
    ["position", "crash", "timeout", "lost-record", "lost-log"],
    { writes: two, maxLoads: 2 },
  ),
  weak("readers ask for positions of views, weak", ["position", "lag", "lost-record", "evicted"], {
    reads: views,
    maxLoads: 2,
  }),
  strong(
    "a view and its dependency, crash, timeout, lost record, stored again",
    ["crash", "timeout", "lost-record", "stored-again", "evicted"],
    { reads: views, maxLoads: 2 },
  ),
  strong("a view and its dependency, all that can happen to a write", [...WRITE, "evicted"], {
    reads: views,
    maxLoads: 2,
  }),
  strong(
    "a view and its dependency, lost log, records late and twice",
    ["crash", "lost-log", "heard-late", "heard-twice"],
    { reads: views, maxLoads: 2 },
  ),
  weak("a view and its dependency, weak", ["lag", "crash", "timeout", "lost-record", "lost-log", "evicted"], {
    reads: views,
    maxLoads: 2,
  }),
  strong("a view of a view, crash, timeout, eviction", ["crash", "timeout", "evicted"], {
    reads: ["view", "outer"],
    maxLoads: 3,
  }),
  strong("two keys in one batch of two parts, all that can happen to a write", [...WRITE, "lost-record", "evicted"], {
    writes: inParts,
    reads: both,
  }),
  weak("two keys in one batch of two parts, weak", ["lag", "crash", "timeout"], { writes: inParts, reads: both }),
  weak("a conditional write left undecided, weak", ["lag", "undecided", "crash", "timeout", "lost-record"], {
    writes: conditional,
  }),
];
