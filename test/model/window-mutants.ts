import { type CoherenceMutant, strong, weak } from "./mutant-scenarios.ts";

/** Rules of messages, windows, flushes and writers, each switched off. */
export const WINDOW_MUTANTS: readonly CoherenceMutant[] = [
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
];
