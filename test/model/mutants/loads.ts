import { type AnyMutant, strong } from "../mutant-scenarios.ts";
import * as schedules from "../schedules.ts";

/** Rules of loads, of those who join them, of views and of positions, each switched off. */
export const LOADS: readonly AnyMutant[] = [
  {
    name: "the as-of of a value is when it came, not when its load began",
    rule: 6,
    edits: [
      {
        file: "load.ts",
        text: "  if (!isCurrent(state.coherence, load.copy)) {",
        becomes: "  Object.assign(load.copy, { detached: false, asOf: state.coherence.tick });\n  if (false) {",
      },
    ],
    breaks: "I1",
    coherence: strong([]),
  },
  {
    name: "readers join loads that were touched",
    rule: 7,
    edits: [
      {
        file: "coherence.ts",
        text: "    flight.detached = true;\n    state.flights.delete(key);",
        becomes: "    flight.detached = true;",
      },
      {
        file: "coherence.ts",
        text: "return flight !== undefined && isCurrent(state, flight) ? flight : undefined",
        becomes: "return flight",
      },
      { file: "load.ts", text: "return !isCurrent(state.coherence, load.copy);", becomes: "return false;" },
    ],
    breaks: "I1r",
    coherence: strong([]),
  },
  {
    name: "those who joined take whatever lands",
    rule: 7,
    edits: [{ file: "load.ts", text: "return !isCurrent(state.coherence, load.copy);", becomes: "return false;" }],
    breaks: "I1r",
    coherence: strong([], { reads: ["outer"], maxLoads: 3 }),
  },
  {
    name: "the as-of is the sequence, without ticks of its own",
    rule: 6,
    edits: [
      { file: "coherence.ts", text: "  state.tick = tick(state.tick + 1);\n", becomes: "" },
      {
        file: "follow.ts",
        text: "  const message = understood(record.body);\n",
        becomes:
          "  const message = understood(record.body);\n  state.coherence.tick = Math.max(state.coherence.tick, record.sequence);\n",
      },
    ],
    breaks: "I3",
    coherence: strong(["crash"], { writes: [{ keys: ["k1"], by: "partition" }] }),
    exact: true,
  },
  {
    name: "a displaced load is not detached",
    rule: 7,
    edits: [
      { file: "coherence.ts", text: "  if (displaced !== undefined) releaseCopy(state, displaced);\n", becomes: "" },
    ],
    breaks: "I1",
    coherence: strong(["refresh"], { maxLoads: 2 }),
  },
  {
    name: "a bypass is joined though something was touched since it began",
    rule: 7,
    edits: [{ file: "load.ts", text: "load.copy.asOf === state.coherence.tick && ", becomes: "" }],
    breaks: "I1r",
    coherence: strong(["bypass"]),
  },
  {
    name: "a view's dependencies are noted after it read them",
    rule: 7,
    edits: [
      {
        file: "coherence.ts",
        text: "  for (const name of [subject.key, ...subject.partitions])\n    if (!dependOn(",
        becomes: "  for (const name of maxDependencies < 0 ? [subject.key] : [])\n    if (!dependOn(",
      },
      {
        file: "coherence.ts",
        text: "  if (!isCurrent(state, read)) view.detached = true;\n",
        becomes:
          "  view.dependsOn ??= new Set();\n  for (const name of [read.subject.key, ...read.subject.partitions]) dependOn(state, view, name, maxDependencies);\n",
      },
    ],
    breaks: "I1r",
    coherence: strong([], { reads: ["view"], maxLoads: 2 }),
  },
  {
    name: "a view adopts what a dying view read",
    rule: 7,
    edits: [{ file: "coherence.ts", text: "  if (!isCurrent(state, read)) view.detached = true;\n", becomes: "" }],
    breaks: "I1r",
    coherence: strong([], { reads: ["outer"], maxLoads: 3 }),
  },
  {
    name: "a view of a view does not adopt its tables",
    rule: 7,
    edits: [{ file: "coherence.ts", text: "  for (const mark of read.marks) addMark(view, mark);\n", becomes: "" }],
    breaks: "I1r",
    coherence: strong([], { writes: [{ keys: ["k1"], by: "table" }], reads: ["outer"], maxLoads: 3 }),
  },
  {
    name: "nothing is ever servable",
    rule: 7,
    edits: [
      {
        file: "coherence.ts",
        text: "if (copy.detached || copy.asOf < state.allTouchedAt) return false;",
        becomes: "return false;",
      },
    ],
    breaks: "L1",
    coherence: strong([]),
  },
  {
    name: "a load without proof may be weak",
    rule: 6,
    edits: [{ file: "load.ts", text: " || !isProven(state, now) ?", becomes: " ?" }],
    breaks: "I4",
    schedule: schedules.weakWithoutProof,
  },
  {
    name: "a bypass may be weak",
    rule: 6,
    edits: [{ file: "load.ts", text: 'keep ? wanted : "strong"', becomes: "wanted" }],
    breaks: "I4",
    schedule: schedules.weakWithoutProof,
  },
  {
    name: "a view that passes the bound on dependencies is stored",
    rule: 7,
    edits: [
      {
        file: "coherence.ts",
        text: "  if (state.dependencies >= maxDependencies) {\n    view.detached = true;\n    forgetDependencies(state, view);\n",
        becomes: "  if (state.dependencies >= maxDependencies) {\n",
      },
    ],
    breaks: "I1",
    schedule: schedules.tooManyDependencies,
  },
  {
    name: "a table nobody declared cannot be touched",
    rule: 7,
    edits: [{ file: "coherence.ts", text: "  state.tables.set(table, mark);\n", becomes: "" }],
    breaks: "I1",
    schedule: schedules.undeclaredTable,
  },
  {
    name: "a flush does not free what views held",
    rule: 5,
    edits: [{ file: "coherence.ts", text: "  state.dependents.clear();\n  state.dependencies = 0;\n", becomes: "" }],
    breaks: "L1",
    schedule: schedules.viewsOfBefore,
  },
  {
    name: "a bypass is joined however long ago it began",
    rule: 9,
    edits: [{ file: "load.ts", text: " && ageMs(load.startedAt, now) <= state.settings.boundMs", becomes: "" }],
    breaks: "I4",
    schedule: schedules.bypassGrowsOld,
  },
  {
    name: "every position counts as applied",
    rule: 6,
    edits: [{ file: "asked-position.ts", text: " && feed.applied >= asked.sequence", becomes: "" }],
    breaks: "I6",
    coherence: strong(["position"]),
  },
  {
    name: "a position counts by its sequence only",
    rule: 6,
    edits: [{ file: "asked-position.ts", text: "feed.epoch === asked.epoch && feed.applied", becomes: "feed.applied" }],
    breaks: "I6",
    schedule: schedules.positionOfAnotherLife,
  },
  {
    name: "a position of another life is given up at once",
    rule: 6,
    edits: [{ file: "asked-position.ts", text: " && provenAt.monotonicMs > arrivedAt.monotonicMs", becomes: "" }],
    breaks: "I6",
    schedule: schedules.positionOfAnotherLife,
  },
  {
    name: "a proof outlives the history that it was of",
    rule: 10,
    edits: [{ file: "follow.ts", text: "  voidProof(state.proof);\n", becomes: "" }],
    breaks: "I6",
    schedule: schedules.positionAfterARegression,
  },
  {
    name: "the audit accuses what was touched",
    rule: 7,
    edits: [{ file: "audit.ts", text: '  if (!isCurrent(state.coherence, copy)) return "overtaken";\n', becomes: "" }],
    breaks: "L2",
    schedule: schedules.auditJudges,
  },
  {
    name: "the audit does not wait for a proof",
    rule: 10,
    edits: [{ file: "audit.ts", text: " || provenAt.monotonicMs <= readAt.monotonicMs", becomes: "" }],
    breaks: "L2",
    schedule: schedules.auditJudges,
  },
  {
    name: "the audit does not wait for open windows",
    rule: 3,
    edits: [
      { file: "audit.ts", text: 'isOpenOn(state.windows, copy.subject) ? "unknown" : "stale"', becomes: '"stale"' },
    ],
    breaks: "L2",
    schedule: schedules.auditJudges,
  },
  {
    name: "a load that was touched keeps what it held",
    rule: 7,
    edits: [
      {
        file: "load.ts",
        text: "    releaseCopy(state.coherence, load.copy);\n    return false;",
        becomes: "    return false;",
      },
    ],
    breaks: "L1",
    schedule: schedules.viewTouchedByTable,
  },
  {
    name: "a load that is released can still be found",
    rule: 7,
    edits: [
      {
        file: "coherence.ts",
        text: "  forgetDependencies(state, copy);\n  if (state.flights.get(copy.subject.key) === copy) state.flights.delete(copy.subject.key);",
        becomes: "  forgetDependencies(state, copy);",
      },
    ],
    breaks: "L1",
    schedule: schedules.loadsEnd,
  },
  {
    name: "a load that has landed can still be found",
    rule: 7,
    edits: [
      {
        file: "coherence.ts",
        text: "export function landCopy(state: Coherence, copy: Copy): void {\n  if (state",
        becomes: "export function landCopy(state: Coherence, copy: Copy): void {\n  if (copy.detached && state",
      },
    ],
    breaks: "L1",
    schedule: schedules.loadsEnd,
  },
];
