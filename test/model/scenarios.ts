import type { Fault, Scenario } from "./coherence-world.ts";
import type { CurrencyScenario } from "./currency-world.ts";

/** The faults that the facts list, all at once. */
const EVERY: readonly Fault[] = [
  "crash",
  "timeout",
  "lost-write",
  "lag",
  "lost-record",
  "lost-log",
  "stored-again",
  "ack-lost",
  "refused",
  "evicted",
];
const ACKNOWLEDGED: readonly Fault[] = [
  "lag",
  "lost-record",
  "lost-log",
  "stored-again",
  "evicted",
  "refresh",
  "bypass",
];

const one = [{ keys: ["k1"] }] as const;
const two = [{ keys: ["k1"] }, { keys: ["k1"] }] as const;

/** Small enough for every push. */
export const QUICK: readonly Scenario[] = [
  { name: "strong, 1 write, every fault", writes: one, reads: ["k1"], maxLoads: 1, faults: EVERY },
  {
    name: "weak, 1 write, lag and crash",
    weak: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 2,
    faults: ["lag", "crash", "evicted"],
  },
  {
    name: "weak, 1 write, lag, timeout, late write, lost record",
    weak: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["lag", "timeout", "lost-write", "lost-record"],
  },
  {
    name: "weak, 1 write, lag, the log forgets",
    weak: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["lag", "lost-log", "crash", "tick"],
  },
  {
    name: "strong, by partition, refreshed and bypassed",
    writes: [{ keys: ["k1"], by: "partition" }],
    reads: ["k1"],
    maxLoads: 2,
    faults: ["crash", "refresh", "bypass"],
  },
  {
    name: "strong, by table, crash and timeout",
    writes: [{ keys: ["k1"], by: "table" }],
    reads: ["k1"],
    maxLoads: 2,
    faults: ["crash", "timeout"],
  },
  {
    name: "strong, refreshed and bypassed",
    writes: one,
    reads: ["k1"],
    maxLoads: 2,
    faults: ["refresh", "bypass", "evicted"],
  },
  { name: "a view and its dependency", writes: one, reads: ["k1", "view"], maxLoads: 2, faults: ["evicted"] },
  { name: "a view of a view", writes: one, reads: ["outer"], maxLoads: 3, faults: ["crash"] },
  {
    name: "a view of a view, by another key spec",
    writes: [{ keys: ["k1"], by: "other-spec" }],
    reads: ["outer"],
    maxLoads: 3,
    faults: [],
  },
  {
    name: "strong, the frontend is started anew",
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["crash", "lost-log", "restart"],
  },
  {
    name: "weak, the frontend is started anew",
    weak: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["crash", "lag", "lost-log", "restart"],
  },
  {
    name: "two keys in one batch",
    writes: [{ keys: ["k1", "k2"] }],
    reads: ["k1", "k2"],
    maxLoads: 1,
    faults: ["crash"],
  },
  {
    name: "acknowledged writes only, windows end at any moment",
    endsAnyTime: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 2,
    faults: ["lag", "lost-record", "stored-again"],
  },
];

/** All faults together, two writers, two loads: minutes. */
export const FULL: readonly Scenario[] = [
  {
    name: "a view and its dependency, crash",
    writes: one,
    reads: ["k1", "view"],
    maxLoads: 2,
    faults: ["evicted", "crash"],
  },
  {
    name: "strong, the frontend is started anew; a tick",
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["crash", "lost-log", "restart", "tick"],
  },
  {
    name: "strong, 1 write, every fault, and a tick",
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: [...EVERY, "tick"],
  },
  { name: "strong, 1 write, every fault, 2 loads", writes: one, reads: ["k1"], maxLoads: 2, faults: EVERY },
  { name: "weak, 1 write, every fault, 1 load", weak: true, writes: one, reads: ["k1"], maxLoads: 1, faults: EVERY },
  { name: "weak, 1 write, every fault, 2 loads", weak: true, writes: one, reads: ["k1"], maxLoads: 2, faults: EVERY },
  {
    name: "weak, by partition, every fault",
    weak: true,
    writes: [{ keys: ["k1"], by: "partition" }],
    reads: ["k1"],
    maxLoads: 1,
    faults: EVERY,
  },
  {
    name: "strong, acknowledged only, windows end at any moment",
    endsAnyTime: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 2,
    faults: ACKNOWLEDGED,
  },
  {
    name: "strong, 2 writers, crash and timeout",
    writes: two,
    reads: ["k1"],
    maxLoads: 2,
    faults: ["crash", "timeout"],
  },
  {
    name: "strong, 2 writers, lost record, lost log",
    writes: two,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["crash", "lost-record", "lost-log", "tick"],
  },
  { name: "strong, 2 writers, every fault, 1 load", writes: two, reads: ["k1"], maxLoads: 1, faults: EVERY },
  {
    name: "weak, 2 writers, lag and crash",
    weak: true,
    writes: two,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["lag", "crash"],
  },
  {
    name: "weak, 2 writers, lag, timeout, late write",
    weak: true,
    writes: two,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["lag", "timeout", "lost-write"],
  },
  {
    name: "weak, 2 writers, lag, lost log",
    weak: true,
    writes: two,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["lag", "lost-log", "tick"],
  },
  {
    name: "strong, 2 writers, started anew",
    writes: two,
    reads: ["k1"],
    maxLoads: 1,
    faults: ["crash", "timeout", "lost-log", "restart"],
  },
  {
    name: "weak, every fault, started anew",
    weak: true,
    writes: one,
    reads: ["k1"],
    maxLoads: 1,
    faults: [...EVERY, "restart"],
  },
  { name: "a view and its dependency, every fault", writes: one, reads: ["k1", "view"], maxLoads: 2, faults: EVERY },
  {
    name: "a view, weak",
    weak: true,
    writes: one,
    reads: ["k1", "view"],
    maxLoads: 2,
    faults: ["lag", "crash", "evicted", "lost-record"],
  },
  {
    name: "a view of a view, crash, timeout, eviction",
    writes: one,
    reads: ["view", "outer"],
    maxLoads: 3,
    faults: ["crash", "timeout", "evicted", "refresh"],
  },
  {
    name: "two keys in one batch, every fault",
    writes: [{ keys: ["k1", "k2"] }],
    reads: ["k1", "k2"],
    maxLoads: 1,
    faults: EVERY,
  },
];

const onePulse = { invalidations: 2, probes: 1, ticks: 2 } as const;

export const QUICK_CURRENCY: readonly CurrencyScenario[] = [
  { name: "records lost on the way", ...onePulse, probes: 2, faults: ["lost-record"] },
  { name: "lost acknowledgements", ...onePulse, probes: 2, ticks: 3, faults: ["lost-record", "lost-ack"] },
  { name: "log made anew", ...onePulse, faults: ["re-created", "lost-record"] },
  {
    name: "log rolled back, frontend connected",
    ...onePulse,
    maxLost: 1,
    faults: ["rolled-back-quietly", "lost-record"],
  },
  { name: "log rolled back, frontend disconnected", ...onePulse, faults: ["rolled-back"] },
  { name: "disconnected, log purged", ...onePulse, invalidations: 1, faults: ["disconnect", "purged", "lost-record"] },
  { name: "cold start", ...onePulse, start: "cold", faults: ["disconnect", "lost-record"] },
  {
    name: "standing at an unread record, log rolled back",
    ...onePulse,
    invalidations: 1,
    start: "unread",
    faults: ["rolled-back", "disconnect"],
  },
];

export const FULL_CURRENCY: readonly CurrencyScenario[] = [
  {
    name: "log rolled back, frontend disconnected, records lost",
    ...onePulse,
    maxLost: 1,
    faults: ["rolled-back", "lost-record"],
  },
  { name: "gap too long, log rolled back", ...onePulse, ticks: 1, maxFill: 1, faults: ["rolled-back", "disconnect"] },
  { name: "gap too long, log rolled back, two ticks", ...onePulse, maxFill: 1, faults: ["rolled-back", "disconnect"] },
  {
    name: "three pulses, records and acknowledgements lost",
    invalidations: 2,
    probes: 3,
    ticks: 3,
    faults: ["lost-record", "lost-ack"],
  },
  { name: "disconnected, answers late", ...onePulse, probes: 2, faults: ["disconnect", "late-answer", "lost-record"] },
  {
    name: "log made anew, disconnected",
    ...onePulse,
    faults: ["re-created", "lost-record", "disconnect", "late-answer"],
  },
  { name: "log rolled back, answers late", ...onePulse, faults: ["rolled-back", "late-answer", "lost-record"] },
  {
    name: "log rolled back, two pulses",
    invalidations: 2,
    probes: 2,
    ticks: 3,
    maxLost: 1,
    faults: ["rolled-back", "lost-ack"],
  },
  {
    name: "disconnected, log purged, two pulses",
    ...onePulse,
    probes: 2,
    faults: ["disconnect", "purged", "lost-record"],
  },
  {
    name: "cold start, log made anew",
    ...onePulse,
    start: "cold",
    faults: ["re-created", "disconnect", "lost-record"],
  },
  {
    name: "cold start, log rolled back",
    ...onePulse,
    start: "cold",
    faults: ["rolled-back", "lost-record", "late-answer"],
  },
  {
    name: "gap too long, rolled back, three invalidations",
    invalidations: 3,
    probes: 1,
    ticks: 2,
    maxFill: 1,
    faults: ["rolled-back", "disconnect"],
  },
];

/** What the protocol does not promise. That the checker finds it keeps SPEC.md honest. */
export const KNOWN_LIMITS: readonly (CurrencyScenario & { readonly breaks: string })[] = [
  {
    name: "log rolled back, and only a process that is silent knew what it lost",
    ...onePulse,
    faults: ["rolled-back", "other-publisher"],
    breaks: "I5",
  },
  {
    name: "log rolled back, and all that took its place lost on the way to a frontend that stays connected",
    ...onePulse,
    maxLost: 2,
    faults: ["rolled-back-quietly", "lost-record"],
    breaks: "I5",
  },
];
