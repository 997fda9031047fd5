import { BATCHES, type EngineMutant, RARE, USER } from "./engine-mutant.ts";

/** What a writer can do wrong. */
export const WRITING_MUTANTS: readonly EngineMutant[] = [
  {
    name: "the writer publishes keys before the database has answered",
    rule: 11,
    edits: [
      {
        file: "engine/run-write.ts",
        text: '        if (effect.type === "write-database") happened = await writeDatabase(job);\n',
        becomes:
          '        if (effect.type === "write-database") {\n          early = publish(job, "keys");\n          happened = await writeDatabase(job);\n        }\n',
      },
      {
        file: "engine/run-write.ts",
        text: 'if (effect.type === "publish-keys") happened = await publish(job, "keys");',
        becomes: 'if (effect.type === "publish-keys") happened = await early;',
      },
      {
        file: "engine/run-write.ts",
        text: "    let state = beginWrite(clock.now());\n",
        becomes: "    let early;\n    let state = beginWrite(clock.now());\n",
      },
    ],
    breaks: "I1r|I2/I3",
    among: { faults: ["slow write"] },
  },
  {
    name: "the writer does not wait for its fence",
    rule: 11,
    edits: [
      {
        file: "engine/run-write.ts",
        text: '    let happened = await publish(job, "fence");\n',
        becomes: '    void publish(job, "fence");\n    let happened: Happened = { event: { type: "fence-acked" } };\n',
      },
    ],
    breaks: "I2/I3|I3|audit",
    among: { faults: ["unknown, lands", "cut", "unavailable"], habits: RARE },
  },
  {
    name: "the writer gives up what the log did not take",
    rule: 11,
    edits: [
      {
        file: "engine/publisher.ts",
        text: "        toTheBack(id, again); // the log is away, and all the others would wait as long; if it refused this one, they come before it\n",
        becomes: "        pending.delete(id);\n",
      },
    ],
    breaks: "rule 11",
    among: { faults: ["server restart", "cut"] },
  },
  {
    name: "announcements folded by table share one id",
    rule: 11,
    edits: [
      {
        file: "engine/publisher.ts",
        text: "about.map((table, i) => {",
        becomes: "about.map((table) => {\n      const i = 0;",
      },
    ],
    breaks: "rule 11",
    among: { faults: ["server restart", "cut"], habits: BATCHES, limits: { writer: { maxPending: 1 } } },
  },
  {
    name: "a write is not told to the memory of its own process",
    rule: 11,
    edits: [{ file: "engine/run-write.ts", text: "      onTouched(touches); //", becomes: "      //" }],
    breaks: "own",
    among: { faults: ["delay"], habits: USER, isWeak: false },
  },
  {
    name: "the times of a writer go back with its clock",
    rule: 12,
    edits: [
      {
        file: "engine/timestamps.ts",
        text: "last = now > last ? now : last + WRITER_SLOTS;",
        becomes: "last = now + 0 * WRITER_SLOTS;",
      },
    ],
    breaks: "times",
    among: { faults: ["wall clock set back"] },
  },
  {
    name: "the next message after one's own is taken for a sign that the log went back",
    rule: 10,
    edits: [
      { file: "witness.ts", text: "at.sequence <= before.sequence;", becomes: "at.sequence <= before.sequence + 1;" },
    ],
    breaks: "false alarm",
    among: { faults: [] },
  },
];
