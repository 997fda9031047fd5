import type { Mutant } from "./mutate.ts";
import type { Schedule } from "./schedules.ts";
import * as schedules from "./schedules.ts";

/** A mutant, and the schedule that must show it. */
export type ScheduleMutant = Mutant & { readonly schedule: Schedule };

/** Rules of time and of room, each switched off. */
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
