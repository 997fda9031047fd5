import { type EngineMutant, ONE_KEY, SESSION, USER, VIEWS, VIEWS_OF_SESSIONS } from "./engine-mutant.ts";

/** No more names than all views of the simulation need, and no room for them all. */
const TIGHT = { settings: { maxDependencies: 150 }, cache: { maxBytes: 4_000, maxRows: 100 } };
const AUDITED = { cache: { auditEveryMs: 100 } };

/** What a frontend can do wrong. */
export const READING_MUTANTS: readonly EngineMutant[] = [
  {
    name: "a joined flight that was touched is answered without asking again",
    rule: 7,
    edits: [
      {
        file: "engine/obtain.ts",
        text: 'return landed.touched && !mayJoinTouched ? get(request, true) : obtained(landed, "joined");',
        becomes: 'return obtained(landed, "joined");',
      },
    ],
    breaks: "I1r",
    among: { faults: ["slow read"], habits: VIEWS },
  },
  {
    name: "the clock is read four times a second, and not per request",
    rule: 9,
    edits: [
      {
        file: "engine/reads.ts",
        text: "  const { state, clock, obtain, cutPage, positions, proveNow, maxWaitMs } = options;\n",
        becomes:
          "  const { state, clock: real, obtain, cutPage, positions, proveNow, maxWaitMs } = options;\n" +
          "  let at = real.now();\n" +
          "  const look = () => { at = real.now(); real.after(250, look); };\n" +
          "  look();\n" +
          "  const clock = { now: () => at };\n",
      },
    ],
    breaks: "I4|age",
    among: { faults: ["pause"], habits: USER },
  },
  {
    name: "a probe is as old as its answer",
    rule: 10,
    edits: [
      {
        file: "engine/prober.ts",
        text: "    const id = beginProbe(state.proof, clock.now()); // before sending: the proof is as old as this moment\n",
        becomes: "",
      },
      {
        file: "engine/prober.ts",
        text: "      answerProbe(state.proof, id, pulse);\n",
        becomes: "      answerProbe(state.proof, beginProbe(state.proof, clock.now()), pulse);\n",
      },
      {
        file: "engine/prober.ts",
        text: "      answerProbe(state.proof, id, undefined); // nobody answered: the next probe asks again\n",
        becomes: "",
      },
    ],
    breaks: "I4|age",
    among: { faults: ["pause"], habits: ONE_KEY },
  },
  {
    name: "a read of the log that failed is not asked for again",
    rule: 10,
    edits: [
      {
        file: "engine/follower.ts",
        text: "      fruitless++;\n      schedule(read, from, limit);\n      return;\n",
        becomes: "      return;\n",
      },
    ],
    breaks: "L1",
    among: { faults: ["cut", "election"] },
  },
  {
    name: "a view has no deadline",
    rule: 7,
    edits: [
      {
        file: "engine/read-view.ts",
        text: "await within(clock, VIEW_DEADLINE_MS, reading.load(wanted.params, read), () => tooSlow(wanted))",
        becomes: "await reading.load(wanted.params, read)",
      },
    ],
    breaks: "L1",
    among: { faults: ["views in a circle"] },
  },
  {
    name: "a view outlives what it read",
    rule: 7,
    edits: [
      {
        file: "engine/read-view.ts",
        text: "      until = earlier(until, obtained.held.countsUntil);\n",
        becomes: "",
      },
    ],
    breaks: "TTL|I2/I3",
    among: { faults: [], habits: VIEWS_OF_SESSIONS },
  },
  {
    name: "an evicted view goes on holding its dependencies",
    rule: 7,
    edits: [
      { file: "engine/entries.ts", text: '      released(held.copy, dropping === "invalidated");\n', becomes: "" },
    ],
    breaks: "L1",
    among: { faults: [], habits: { ...VIEWS, spread: 1 }, limits: TIGHT },
  },
  {
    name: "an entry ends by the monotonic clock only",
    rule: 12,
    edits: [{ file: "engine/entries.ts", text: " || now.wallMs >= held.expiresAtWallMs", becomes: "" }],
    breaks: "TTL|I2/I3",
    among: { faults: ["sleep"], habits: SESSION },
  },
  {
    name: "entries do not end",
    rule: 12,
    edits: [
      {
        file: "engine/peek.ts",
        text: "  if (hasExpired(held, now)) {",
        becomes: "  if (hasExpired(held, now) && now.wallMs < 0) {",
      },
    ],
    breaks: "TTL|I2/I3",
    among: { faults: [], habits: SESSION },
  },
  {
    name: "whoever asks for a value only is given what was held half a second ago",
    rule: 12,
    edits: [
      {
        file: "engine/reads.ts",
        text: "obtain.hit(key, keyText, params, arrivedAt)",
        becomes:
          "obtain.hit(key, keyText, params, { monotonicMs: arrivedAt.monotonicMs - 500, wallMs: arrivedAt.wallMs - 500 })",
      },
    ],
    breaks: "TTL",
    among: { faults: [], habits: SESSION },
  },
  {
    name: "an answer bears the position of when it is given",
    rule: 6,
    edits: [
      {
        file: "engine/reads.ts",
        text: "return { obtained: await obtain.get(request), position };",
        becomes: "return { obtained: await obtain.get(request), position: ownPosition(state) ?? position };",
      },
    ],
    breaks: "position",
    among: { faults: ["slow read"], habits: USER },
  },
  {
    name: "whoever waits for a position is told at the next record",
    rule: 6,
    edits: [
      {
        file: "engine/position-waits.ts",
        text: "endAll(true, (sequence) => sequence <= state.feed.applied)",
        becomes: "endAll(true, () => true)",
      },
    ],
    breaks: "I6",
    among: { faults: ["delay"], habits: USER },
  },
  {
    name: "who is behind a position may be answered by what is held or under way",
    rule: 6,
    edits: [
      {
        file: "engine/reads.ts",
        text: "if (!isApplied) return obtainBehind(request, minPosition);",
        becomes: "if (!isApplied && proveNow === undefined) return obtainBehind(request, minPosition);",
      },
    ],
    breaks: "I6",
    among: { faults: ["delay"], habits: USER },
  },
  {
    name: "an answer is as old as its load, whatever it read from memory",
    rule: 9,
    edits: [{ file: "engine/read-view.ts", text: "      asOf = earlier(asOf, obtained.asOf);\n", becomes: "" }],
    breaks: "age",
    among: { faults: ["cut", "isolation"], habits: VIEWS },
  },
  {
    name: "an unproven hit is not labelled",
    rule: 9,
    edits: [
      {
        file: "engine/reads.ts",
        text: 'const coherent = held.coherent && source !== "unproven";',
        becomes: "const coherent = held.coherent;",
      },
    ],
    breaks: "label",
    among: { faults: ["server restart", "isolation"], habits: USER },
  },
  {
    name: "a close leaves the follower's timer",
    rule: 12,
    edits: [{ file: "engine/follower.ts", text: "      advanceTimer?.cancel();\n", becomes: "" }],
    breaks: "closed",
    among: { faults: [] },
  },
  {
    name: "an eviction is not counted",
    rule: 7,
    edits: [
      {
        file: "engine/entries.ts",
        text: "if (lru.delete(keyText)) counters.evictions[reason]++;",
        becomes: "lru.delete(keyText);",
      },
    ],
    breaks: "counts",
    among: { faults: [] },
  },
  {
    name: "a log that keeps messages for long is taken for one that does not",
    rule: 5,
    edits: [
      { file: "engine/check-assumptions.ts", text: "if (keptMs >= neededMs)", becomes: "if (keptMs < neededMs)" },
    ],
    breaks: "assumption",
    among: { faults: [] },
  },
  {
    name: "the audit does not wait for the messages that are on their way",
    rule: 10,
    edits: [
      {
        file: "audit.ts",
        text: 'if (provenAt === undefined || provenAt.monotonicMs <= readAt.monotonicMs) return "unknown";',
        becomes: 'if (provenAt === undefined) return "unknown";',
      },
      {
        file: "audit.ts",
        text: 'return isOpenOn(state.windows, copy.subject) ? "unknown" : "stale";',
        becomes: 'return "stale";',
      },
    ],
    breaks: "audit",
    among: { faults: ["delay", "slow write"], habits: USER, limits: AUDITED },
  },
  {
    name: "the position is that of what was heard, though something before it is missing",
    rule: 6,
    edits: [
      {
        file: "asked-position.ts",
        text: "{ epoch: feed.epoch, sequence: feed.applied }",
        becomes: "{ epoch: feed.epoch, sequence: feed.ahead?.to ?? feed.applied }",
      },
    ],
    breaks: "I1r|position",
    among: { faults: ["drop", "delay"], habits: USER },
  },
  {
    name: "a load that has landed is counted for ever",
    rule: 7,
    edits: [
      {
        file: "engine/flights.ts",
        text: "    byCopy.delete(load.copy);\n",
        becomes: "",
      },
    ],
    breaks: "L1",
    among: { faults: [] },
  },
];
