import { type CurrencyMutant, pulse } from "./mutant-scenarios.ts";

/** Rules of the feed and of the proof, each switched off. */
export const CURRENCY_MUTANTS: readonly CurrencyMutant[] = [
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
