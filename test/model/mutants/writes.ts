import { type AnyMutant, strong } from "../mutant-scenarios.ts";
import * as schedules from "../schedules.ts";

/** Rules of writers, each switched off. */
export const WRITES: readonly AnyMutant[] = [
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
    name: "the writer answers before its keys are acknowledged, and forgets them, with no end of a window to hide it",
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
    name: "keys that could not be acknowledged are not published again, with no end of a window to hide it",
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
    name: "a write goes out though its fence was not stored",
    rule: 11,
    edits: [
      { file: "write.ts", text: 'if (rules.onLogDown === "write")', becomes: "if (rules.onLogDown !== undefined)" },
    ],
    breaks: "I3",
    coherence: strong(["ack-lost", "crash"]),
  },
  {
    name: "fences do not say that a write is conditional",
    rule: 8,
    edits: [{ file: "announce.ts", text: "...(write.conditional && { conditional: true })", becomes: "" }],
    breaks: "I3",
    coherence: strong(["undecided", "crash"], { writes: [{ keys: ["k1"], conditional: true }] }),
  },
  {
    name: "all parts of a write have one number",
    rule: 2,
    edits: [{ file: "announce.ts", text: "part: i + 1", becomes: "part: 1" }],
    breaks: "I3",
    schedule: schedules.crashBetweenParts,
  },
  {
    name: "the messages of a write have one id, so that the log stores the first only",
    rule: 11,
    edits: [{ file: "announce.ts", text: "of.kind}`", becomes: "of.v}`" }],
    breaks: "I1",
    coherence: strong([]),
  },
];
