import type { Scenario } from "./coherence-world.ts";
import type { CurrencyScenario } from "./currency-world.ts";
import type { Mutant } from "./mutate.ts";
import type { Schedule } from "./schedules.ts";
import * as schedules from "./schedules.ts";

/** A mutant, and the model in which it must be found. */
export type ModelMutant = Mutant &
  ({ readonly coherence: Scenario; readonly exact?: true } | { readonly currency: CurrencyScenario });

const one = [{ keys: ["k1"] }] as const;
const strong = (faults: Scenario["faults"], more: Partial<Scenario> = {}): Scenario => ({
  name: "strong",
  writes: one,
  reads: ["k1"],
  maxLoads: 1,
  faults,
  ...more,
});
const weak = (faults: Scenario["faults"], more: Partial<Scenario> = {}): Scenario =>
  strong(faults, { weak: true, ...more });
const pulse = (faults: CurrencyScenario["faults"], more: Partial<CurrencyScenario> = {}): CurrencyScenario => ({
  name: "pulse",
  invalidations: 2,
  probes: 1,
  ticks: 2,
  faults,
  ...more,
});

export const MODEL_MUTANTS: readonly ModelMutant[] = [
  {
    name: "keys messages do not touch",
    rule: 2,
    edits: [
      {
        file: "frontend.ts",
        text: "  touch(state.coherence, names, (key) => effects.evict(key));\n  if (message.kind",
        becomes: "  if (message.kind",
      },
    ],
    breaks: "I1r",
    coherence: strong([]),
  },
  {
    name: "no fence",
    rule: 3,
    edits: [
      {
        file: "frontend.ts",
        text: 'open(state, { ...window, kind: "fence"',
        becomes: 'void ({ ...window, kind: "fence"',
      },
    ],
    breaks: "I3",
    coherence: strong(["crash"]),
  },
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
    name: "the end of a window does not touch",
    rule: 4,
    edits: [
      {
        file: "frontend.ts",
        text: "    else touch(state.coherence, window.names, (key) => effects.evict(key));",
        becomes: "",
      },
    ],
    breaks: "I3",
    coherence: strong(["crash"]),
  },
  {
    name: "the end of the quarantine does not touch",
    rule: 4,
    edits: [
      { file: "frontend.ts", text: "if (window.all) touchAll(state.coherence);", becomes: "if (window.all) continue;" },
    ],
    breaks: "I3",
    coherence: strong(["crash", "lost-log", "tick"]),
  },
  {
    name: "a flush does not touch",
    rule: 5,
    edits: [
      {
        file: "frontend.ts",
        text: "  touchAll(state.coherence);\n  quarantine(state, now);",
        becomes: "  quarantine(state, now);",
      },
    ],
    breaks: "I1r",
    coherence: strong(["lost-log", "tick"]),
  },
  {
    name: "no quarantine after a flush",
    rule: 5,
    edits: [
      {
        file: "frontend.ts",
        text: "  touchAll(state.coherence);\n  quarantine(state, now);",
        becomes: "  touchAll(state.coherence);",
      },
    ],
    breaks: "I3",
    coherence: strong(["crash", "lost-log", "tick"]),
  },
  {
    name: "no settle window after keys (weak)",
    rule: 2,
    edits: [{ file: "frontend.ts", text: "if (state.weak) open(state", becomes: "if (false) open(state" }],
    breaks: "I1r",
    coherence: weak(["lag"]),
  },
  {
    name: "loads in a window are not strong (weak)",
    rule: 6,
    edits: [{ file: "load.ts", text: "isOpenOn(state.windows, subject) || ", becomes: "" }],
    breaks: "I1r",
    coherence: weak(["lag"]),
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
    name: "a touch of unknown outcome closes the fence",
    rule: 8,
    edits: [
      {
        file: "frontend.ts",
        text: '  if (message.kind === "touch") return; // the outcome is unknown: its fence stays\n',
        becomes: "",
      },
    ],
    breaks: "I2",
    coherence: strong(["timeout"]),
  },
  {
    name: "after a timeout the writer publishes keys, which close the fence",
    rule: 8,
    edits: [
      {
        file: "write.ts",
        text: 'const touch = { type: "keep-publishing", kind: "touch" }',
        becomes: 'const touch = { type: "keep-publishing", kind: "keys" }',
      },
    ],
    breaks: "I2",
    coherence: strong(["timeout"]),
  },
  {
    name: "the writer answers before its keys are acknowledged, and forgets them",
    rule: 11,
    edits: [
      {
        file: "write.ts",
        text: 'return { state: { phase: "announcing", applied: event.applied }, effects: [{ type: "publish-keys" }] };',
        becomes: "return { state: ANSWERED, effects: [] };",
      },
      {
        file: "frontend.ts",
        text: "    else touch(state.coherence, window.names, (key) => effects.evict(key));",
        becomes: "",
      },
    ],
    breaks: "I2",
    coherence: strong([]),
  },
  {
    name: "keys that could not be acknowledged are not published again",
    rule: 11,
    edits: [
      {
        file: "write.ts",
        text: 'effects: [answer({ kind: "written-not-announced", applied }), later] };',
        becomes: 'effects: [answer({ kind: "written-not-announced", applied })] };',
      },
      {
        file: "frontend.ts",
        text: "    else touch(state.coherence, window.names, (key) => effects.evict(key));",
        becomes: "",
      },
    ],
    breaks: "I2",
    coherence: strong(["ack-lost"]),
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
        text: "  for (const table of subject.tables) addMark(view, markOf(state, table));\n  view.dependsOn",
        becomes:
          "  if (subject !== undefined && maxDependencies !== 0) {\n    Object.assign(view, { late: subject });\n    return true;\n  }\n  view.dependsOn",
      },
      {
        file: "coherence.ts",
        text: "  if (!isCurrent(state, read)) view.detached = true;\n",
        becomes:
          "  view.dependsOn ??= new Set();\n  for (const name of [view.late.key, ...view.late.partitions]) dependOn(state, view, name, maxDependencies);\n",
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
    name: "messages of another key spec are understood by their keys only",
    rule: 2,
    edits: [
      { file: "frontend.ts", text: "if (message.spec === state.spec) return message;", becomes: "return message;" },
    ],
    breaks: "I1r",
    coherence: strong([], { writes: [{ keys: ["k1"], by: "other-spec" }] }),
  },
  {
    name: "a cold start does not mistrust a log that may not reach back",
    rule: 5,
    edits: [{ file: "follow.ts", text: "if (tooLong || !reachesBack(slice)) {", becomes: "if (tooLong) {" }],
    breaks: "I3",
    coherence: strong(["crash", "lost-log", "restart"]),
  },
  {
    name: "a cold start does not read the log back",
    rule: 5,
    edits: [
      {
        file: "follow.ts",
        text: "oldest === undefined || tooLong ? slice.last : sequence(oldest.sequence - 1)",
        becomes: "slice.last",
      },
      {
        file: "follow.ts",
        text: "applyOrFlush(state, tooLong ? [] : slice.records, slice",
        becomes: "applyOrFlush(state, [], slice",
      },
    ],
    breaks: "I3",
    coherence: strong(["crash", "restart"]),
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
    name: "a gap is not noticed",
    rule: 10,
    edits: [
      {
        file: "feed.ts",
        text: 'return record.sequence === applied + 1 && feed.phase === "live" ? "next" : "gap";',
        becomes: 'return "next";',
      },
    ],
    breaks: "I5",
    currency: pulse(["lost-record"]),
  },
  {
    name: "a tick is matched by its sequence only",
    rule: 10,
    edits: [
      {
        file: "proof.ts",
        text: "if (state.ticks.get(answer.tick) === answer.sequence) newest = id;",
        becomes: "newest = id;",
      },
    ],
    breaks: "I5",
    currency: pulse(["rolled-back-quietly", "lost-record"], { maxLost: 1 }),
  },
  {
    name: "a tick proves though something before it is missing",
    rule: 10,
    edits: [{ file: "proof.ts", text: " || answer.sequence > applied) continue;", becomes: ") continue;" }],
    breaks: "I5",
    currency: pulse(["lost-record"]),
  },
  {
    name: "the epoch is not compared",
    rule: 10,
    edits: [
      { file: "feed.ts", text: '  if (record.epoch !== feed.epoch) return "other-epoch";\n', becomes: "" },
      { file: "follow.ts", text: '  if (slice.epoch !== feed.epoch) return "other-epoch";\n', becomes: "" },
      { file: "proof.ts", text: "answer.epoch !== epoch || ", becomes: "" },
    ],
    breaks: "I5",
    currency: pulse(["re-created", "lost-record"]),
  },
  {
    name: "the resume rule does not compare our own record",
    rule: 10,
    edits: [
      {
        file: "follow.ts",
        text: 'return own.storedAt === feed.appliedStoredAt ? undefined : "rollback";',
        becomes: "return undefined;",
      },
      {
        file: "follow.ts",
        text: '  if (records.some((record) => hasHeard(feed, record) === "other")) return "rollback";\n',
        becomes: "",
      },
    ],
    breaks: "I5",
    currency: pulse(["rolled-back"]),
  },
  {
    name: "a log that ends before what was heard is not taken for rolled back",
    rule: 10,
    edits: [{ file: "follow.ts", text: " || slice.last < feed.heardAtRead", becomes: "" }],
    breaks: "I5",
    currency: pulse(["rolled-back-quietly", "lost-record"], { maxLost: 1 }),
  },
  {
    name: "after a flush past unread records a reconnect does not flush again",
    rule: 5,
    edits: [{ file: "follow.ts", text: "!feed.resumed || ", becomes: "" }],
    breaks: "I5",
    currency: pulse(["rolled-back"], { invalidations: 1, start: "unread" }),
  },
  {
    name: "a cold start keeps what was loaded before it",
    rule: 5,
    edits: [{ file: "follow.ts", text: "  touchAll(state.coherence);\n", becomes: "" }],
    breaks: "I5",
    currency: pulse(["lost-record"], { start: "cold", maxFill: 1 }),
  },
  {
    name: "a request is answered with the tick that was under way when it came",
    rule: 10,
    edits: [
      {
        file: "responder.ts",
        text: "  return { requests, pulse: { ...at, tick } };",
        becomes: "  return { requests: [...requests, ...state.waiting.splice(0)], pulse: { ...at, tick } };",
      },
    ],
    breaks: "I5",
    currency: pulse([], { probes: 2 }),
  },
  {
    name: "the witness does not say that the log went back",
    rule: 10,
    edits: [{ file: "witness.ts", text: "    state.losses++;\n", becomes: "" }],
    breaks: "I5",
    currency: pulse(["rolled-back"]),
  },
  {
    name: "pulses are answered between a loss and the flush that tells of it",
    rule: 10,
    edits: [{ file: "responder.ts", text: "  if (hasLost(witness)) return", becomes: "  if (back) return" }],
    breaks: "I5",
    currency: pulse(["rolled-back"]),
  },
  {
    name: "a flush heard from the log is ignored",
    rule: 5,
    edits: [
      { file: "frontend.ts", text: 'if (message.flush) flush(state, "lost-by-log", now, effects);', becomes: "" },
    ],
    breaks: "I5",
    currency: pulse(["rolled-back"]),
  },
];

/** A mutant, and the schedule that must show it. */
export type ScheduleMutant = Mutant & { readonly schedule: Schedule };

export const SCHEDULE_MUTANTS: readonly ScheduleMutant[] = [
  {
    name: "in weak mode a fence ends after F",
    rule: 3,
    edits: [{ file: "frontend.ts", text: "fence: weak ? fenceMs + settleMs : fenceMs", becomes: "fence: fenceMs" }],
    breaks: "I3",
    schedule: schedules.landsLateInWeakMode,
  },
  {
    name: "a window that is late holds up those behind it",
    rule: 12,
    edits: [{ file: "windows.ts", text: "        continue;\n", becomes: "        break;\n" }],
    breaks: "I3",
    schedule: schedules.wallClockPutRight,
  },
  {
    name: "the age of a window is that of the wall clock",
    rule: 12,
    edits: [
      { file: "windows.ts", text: "if (now.monotonicMs < endsAtMs) {", becomes: "if (now.wallMs < endsAtMs) {" },
      { file: "windows.ts", text: "surelyElapsedMs(window.openedAt, now) < durations[kind]", becomes: "false" },
      { file: "frontend.ts", text: "  if (now.monotonicMs < state.windows.nextEndMs) return;\n", becomes: "" },
    ],
    breaks: "I3",
    schedule: schedules.wallClockSetForward,
  },
  {
    name: "the age of a window is the larger of both clocks",
    rule: 12,
    edits: [{ file: "windows.ts", text: "surelyElapsedMs(window.openedAt, now) < durations[kind]", becomes: "false" }],
    breaks: "I3",
    schedule: schedules.wallClockSetForward,
  },
  {
    name: "a proof never ends",
    rule: 9,
    edits: [
      {
        file: "load.ts",
        text: "return proofAgeMs(state.proof, now) <= state.settings.boundMs;",
        becomes: "return state.proof.provenAt !== undefined;",
      },
    ],
    breaks: "I4",
    schedule: schedules.proofGrowsOld,
  },
  {
    name: "the age of a proof is that of the monotonic clock",
    rule: 12,
    edits: [
      {
        file: "instant.ts",
        text: "return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);",
        becomes: "return now.monotonicMs - since.monotonicMs;",
      },
    ],
    breaks: "I4",
    schedule: schedules.proofGrowsOld,
  },
  {
    name: "the age of a proof is that of the wall clock",
    rule: 12,
    edits: [
      {
        file: "instant.ts",
        text: "return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);",
        becomes: "return now.wallMs - since.wallMs;",
      },
    ],
    breaks: "I4",
    schedule: schedules.proofGrowsOld,
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
    name: "a writer that stood still writes all the same",
    rule: 11,
    edits: [
      {
        file: "write.ts",
        text: "if (ageMs(sentAt, now) + rules.databaseDeadlineMs > rules.fenceMs) {",
        becomes: "if (false) {",
      },
    ],
    breaks: "I3",
    schedule: schedules.writerStoodStill,
  },
  {
    name: "windows without room are forgotten",
    rule: 1,
    edits: [{ file: "windows.ts", text: "for (const table of oldest.about) {", becomes: "for (const table of []) {" }],
    breaks: "I3",
    schedule: schedules.rushWithoutRoom,
  },
  {
    name: "folded windows of a table are one window, opened anew for ever",
    rule: 1,
    edits: [{ file: "windows.ts", text: "Math.floor(now.monotonicMs / durations[kind])", becomes: "0" }],
    breaks: "I3",
    schedule: schedules.rushWithoutRoom,
  },
  {
    name: "orphans are not remembered",
    rule: 8,
    edits: [
      {
        file: "frontend.ts",
        text: "    addOrphan(state.orphans, window, now, state.settings.maxOrphans);\n",
        becomes: "",
      },
    ],
    breaks: "I3",
    schedule: schedules.orphanLivesShort,
  },
  {
    name: "reads after an orphaned conditional write are not serial",
    rule: 8,
    edits: [{ file: "load.ts", text: 'orphans.some((o) => o.conditional) ? "serial" : ', becomes: "" }],
    breaks: "I3",
    schedule: schedules.orphanLivesShort,
  },
  {
    name: "a cold start looks back over S only",
    rule: 5,
    edits: [
      {
        file: "follow.ts",
        text: "now.wallMs - settings.fenceMs - settings.settleMs - CLOCK_SKEW_MS",
        becomes: "now.wallMs - settings.settleMs",
      },
    ],
    breaks: "I3",
    schedule: schedules.coldStartLooksBack,
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
    name: "what was heard on an earlier connection still counts",
    rule: 10,
    edits: [
      { file: "follow.ts", text: "  state.feed.ahead = undefined;\n", becomes: "" },
      {
        file: "follow.ts",
        text: '  if (records.some((record) => hasHeard(feed, record) === "other")) return "rollback";\n',
        becomes: "",
      },
    ],
    breaks: "I5",
    schedule: schedules.heardBeforeTheRollback,
  },
  {
    name: "only the last eight probes are waited for",
    rule: 10,
    edits: [{ file: "proof.ts", text: "const MAX_PROBES = 256;", becomes: "const MAX_PROBES = 8;" }],
    breaks: "L1",
    schedule: schedules.slowAnswers,
  },
  {
    name: "a flush does not free what views held",
    rule: 5,
    edits: [{ file: "coherence.ts", text: "  state.dependents.clear();\n  state.dependencies = 0;\n", becomes: "" }],
    breaks: "L1",
    schedule: schedules.viewsOfBefore,
  },
];
