import { type CoherenceMutant, strong } from "./mutant-scenarios.ts";

/** Rules of loads, of those who join them, of views and of cold starts, each switched off. */
export const READER_MUTANTS: readonly CoherenceMutant[] = [
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
];
