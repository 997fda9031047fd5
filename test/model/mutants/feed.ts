import { type AnyMutant, pulse, strong } from "../mutant-scenarios.ts";
import * as schedules from "../schedules.ts";

/** Rules of following the log, each switched off. */
export const FEED: readonly AnyMutant[] = [
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
    name: "a flush heard from the log is ignored",
    rule: 5,
    edits: [
      { file: "frontend.ts", text: 'if (message.flush) flush(state, "lost-by-log", now, effects);', becomes: "" },
    ],
    breaks: "I5",
    currency: pulse(["rolled-back"]),
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
    name: "a record heard in place of another is taken for the next",
    rule: 10,
    edits: [
      {
        file: "feed.ts",
        text: '  if (heard === "other") return "regression";',
        becomes: '  if (false) return "regression";',
      },
    ],
    breaks: "I5",
    schedule: schedules.heardInPlaceOfAnother,
  },
  {
    name: "a gap too long is jumped over without a flush",
    rule: 5,
    edits: [{ file: "follow.ts", text: '    flush(state, "gap-too-long", now, effects);\n', becomes: "" }],
    breaks: "I5",
    currency: pulse(["disconnect"], { maxFill: 1 }),
  },
  {
    name: "another history does not flush",
    rule: 5,
    edits: [{ file: "follow.ts", text: "  flush(state, why, now, effects);\n", becomes: "" }],
    breaks: "I5",
    currency: pulse(["re-created", "lost-record"]),
  },
  {
    name: "what is read in place of what was heard is left aside, without a flush",
    rule: 10,
    edits: [
      {
        file: "follow.ts",
        text: "  if (broken !== undefined) changeHistory(state, broken, epoch, last, undefined, now, effects);\n",
        becomes: "",
      },
    ],
    breaks: "L1",
    schedule: schedules.heardBeforeTheRollback,
  },
  {
    name: "a cold start does not note whose records it hears",
    rule: 10,
    edits: [{ file: "follow.ts", text: "    feed.epoch ??= record.epoch;\n", becomes: "" }],
    breaks: "I5",
    schedule: schedules.madeAnewInAColdStart,
  },
  {
    name: "a cold start trusts a log whose first record is young",
    rule: 5,
    edits: [{ file: "follow.ts", text: "oldest.sequence > first", becomes: "oldest.sequence >= first" }],
    breaks: "I3",
    schedule: schedules.logForgotTheFirst,
  },
  {
    name: "a cold start passes over the first record it reads",
    rule: 5,
    edits: [{ file: "follow.ts", text: "sequence(oldest.sequence - 1)", becomes: "oldest.sequence" }],
    breaks: "I3",
    coherence: strong(["crash", "restart"]),
  },
];
