import { type AnyMutant, strong, weak } from "../mutant-scenarios.ts";
import * as schedules from "../schedules.ts";

/** Rules of messages, and of flushes, each switched off. */
export const MESSAGES: readonly AnyMutant[] = [
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
    name: "messages of another key spec are understood by their keys only",
    rule: 2,
    edits: [
      { file: "frontend.ts", text: "if (message.spec === state.spec) return message;", becomes: "return message;" },
    ],
    breaks: "I1r",
    coherence: strong([], { writes: [{ keys: ["k1"], by: "other-spec" }] }),
  },
  {
    name: "keys do not close the fence of their write",
    rule: 2,
    edits: [{ file: "frontend.ts", text: '  closeWindow(state.windows, "fence", id);\n', becomes: "" }],
    breaks: "L1",
    schedule: schedules.doneIsDone,
  },
];
