import { type AnyMutant, weak } from "../mutant-scenarios.ts";
import * as schedules from "../schedules.ts";

/** Rules of windows, of their ends and of orphans, each switched off. */
export const WINDOWS: readonly AnyMutant[] = [
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
    name: "a folded window forgets that its write was conditional",
    rule: 1,
    edits: [
      {
        file: "windows.ts",
        text: "oldest.conditional || state.open[kind].get(id)?.conditional === true",
        becomes: "false",
      },
    ],
    breaks: "I3",
    schedule: schedules.conditionalWithoutRoom,
  },
  {
    name: "orphans without room are forgotten",
    rule: 8,
    edits: [{ file: "orphans.ts", text: "window.about.map(tableTag)", becomes: "[]" }],
    breaks: "I3",
    schedule: schedules.orphansWithoutRoom,
  },
  {
    name: "a later orphan hides that an earlier one was conditional",
    rule: 8,
    edits: [
      {
        file: "orphans.ts",
        text: "window.conditional || state.get(name)?.conditional === true",
        becomes: "window.conditional",
      },
    ],
    breaks: "I3",
    schedule: schedules.orphanedTwice,
  },
  {
    name: "the age of an orphan is the larger of both clocks",
    rule: 12,
    edits: [
      {
        file: "orphans.ts",
        text: "import { type Instant, surelyElapsedMs }",
        becomes: "import { type Instant, ageMs as surelyElapsedMs }",
      },
    ],
    breaks: "I3",
    schedule: schedules.hintsAreDropped,
  },
  {
    name: "orphans are remembered for ever",
    rule: 8,
    edits: [
      {
        file: "frontend.ts",
        text: "  dropOldOrphans(state.orphans, now, state.settings.hintWindowMs);\n",
        becomes: "",
      },
    ],
    breaks: "L1",
    schedule: schedules.hintsAreDropped,
  },
  {
    name: "a window opened anew is counted twice",
    rule: 1,
    edits: [
      {
        file: "windows.ts",
        text: "  closeWindow(state, window.kind, window.id);\n  state.open",
        becomes: "  state.open",
      },
    ],
    breaks: "L1",
    schedule: schedules.fenceHeardTwice,
  },
  {
    name: "a window on a partition does not count (weak)",
    rule: 6,
    edits: [{ file: "windows.ts", text: "subject.partitions.some((p) => state.named.has(p)) || ", becomes: "" }],
    breaks: "I1r",
    coherence: weak(["lag"], { writes: [{ keys: ["k1"], by: "partition" }] }),
  },
  {
    name: "a window on a table does not count (weak)",
    rule: 6,
    edits: [{ file: "windows.ts", text: " || subject.tables.some((t) => state.named.has(tableTag(t)))", becomes: "" }],
    breaks: "I1r",
    coherence: weak(["lag"], { writes: [{ keys: ["k1"], by: "table" }] }),
  },
  {
    name: "the quarantine does not count (weak)",
    rule: 6,
    edits: [{ file: "windows.ts", text: "state.allOpen > 0 || ", becomes: "" }],
    breaks: "I1r",
    coherence: weak(["lag", "crash", "lost-log", "tick"]),
  },
  {
    name: "an orphan that is renewed keeps its place",
    rule: 8,
    edits: [{ file: "orphans.ts", text: "    state.delete(name);\n    state.set", becomes: "    state.set" }],
    breaks: "L1",
    schedule: schedules.orphanedAnew,
  },
  {
    name: "the end of a window forgets when the next one ends",
    rule: 4,
    edits: [{ file: "windows.ts", text: "        nextEndMs = Math.min(nextEndMs, endsAtMs);\n", becomes: "" }],
    breaks: "I3",
    schedule: schedules.eachWindowEnds,
  },
  {
    name: "a window whose clock was set back is not looked at again",
    rule: 12,
    edits: [
      {
        file: "windows.ts",
        text: "        nextEndMs = Math.min(nextEndMs, now.monotonicMs + LOOK_AGAIN_MS);\n",
        becomes: "",
      },
    ],
    breaks: "I3",
    schedule: schedules.wallClockSetBack,
  },
  {
    name: "a window that has ended stays open",
    rule: 4,
    edits: [
      { file: "windows.ts", text: "      closeWindow(state, kind, window.id);\n      ended", becomes: "      ended" },
    ],
    breaks: "L1",
    schedule: schedules.eachWindowEnds,
  },
];
