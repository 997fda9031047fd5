import type { CurrencyScenario } from "./currency-world.ts";

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
  { name: "records late and twice", ...onePulse, probes: 2, faults: ["heard-late", "heard-twice"] },
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
  { name: "log rolled back, two pulses", invalidations: 2, probes: 2, ticks: 3, faults: ["rolled-back"] },
  {
    name: "log rolled back, records late and twice",
    ...onePulse,
    faults: ["rolled-back", "heard-late", "heard-twice"],
  },
  {
    name: "log rolled back, frontend connected, records late",
    ...onePulse,
    maxLost: 1,
    faults: ["rolled-back-quietly", "heard-late"],
  },
  {
    name: "log made anew, records late, twice and lost",
    ...onePulse,
    maxLost: 1,
    faults: ["re-created", "heard-late", "heard-twice", "lost-record"],
  },
  {
    name: "records late, twice and lost, three pulses",
    invalidations: 2,
    probes: 3,
    ticks: 3,
    maxLost: 1,
    faults: ["heard-late", "heard-twice", "lost-record"],
  },
  {
    name: "disconnected, log purged, records late",
    ...onePulse,
    invalidations: 1,
    faults: ["disconnect", "purged", "heard-late", "lost-record"],
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
