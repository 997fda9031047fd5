import { type AnyMutant, pulse } from "../mutant-scenarios.ts";
import * as schedules from "../schedules.ts";

/** Rules of the proof of currency, of who answers pulses, and of clocks, each switched off. */
export const PROOF: readonly AnyMutant[] = [
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
    name: "only the last eight probes are waited for",
    rule: 10,
    edits: [{ file: "proof.ts", text: "const MAX_PROBES = 256;", becomes: "const MAX_PROBES = 8;" }],
    breaks: "L1",
    schedule: schedules.slowAnswers,
  },
  {
    name: "a flush tells of losses that were seen after it was sent",
    rule: 10,
    edits: [
      { file: "responder.ts", text: "noteFlushed(witness, losses)", becomes: "noteFlushed(witness, witness.losses)" },
    ],
    breaks: "I5",
    schedule: schedules.lossBesideAFlush,
  },
  {
    name: "a loss is told of for ever",
    rule: 10,
    edits: [{ file: "witness.ts", text: "  state.flushed = Math.max(state.flushed, losses);\n", becomes: "" }],
    breaks: "L1",
    schedule: schedules.lossIsOver,
  },
  {
    name: "a message in the place of the last one known is no loss",
    rule: 10,
    edits: [{ file: "witness.ts", text: "at.sequence <= before.sequence", becomes: "at.sequence < before.sequence" }],
    breaks: "I5",
    currency: pulse(["rolled-back"]),
  },
  {
    name: "a place that was acknowledged twice is no loss",
    rule: 10,
    edits: [
      {
        file: "witness.ts",
        text: "isBehind || (own?.epoch === at.epoch && own.sequence === at.sequence)",
        becomes: "isBehind",
      },
    ],
    breaks: "I5",
    schedule: schedules.acknowledgedTwice,
  },
];
