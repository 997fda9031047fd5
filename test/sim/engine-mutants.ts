import type { Mutant } from "../model/mutate.ts";
import type { Fault } from "./faults.ts";

/** The engine with one thing done wrong, and the faults among which a few schedules must show it. */
export type EngineMutant = Mutant & { readonly faults: readonly Fault[] };

export const ENGINE_MUTANTS: readonly EngineMutant[] = [
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
    faults: [],
  },
  {
    name: "hits do not end windows that are due",
    rule: 4,
    edits: [
      {
        file: "engine/peek.ts",
        text: "    if (now.monotonicMs >= state.windows.nextEndMs) advance(state, now, effects);\n",
        becomes: "",
      },
    ],
    breaks: "I3",
    faults: ["crash", "unknown, lands", "pause"],
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
    breaks: "I4",
    faults: ["pause"],
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
    breaks: "I4",
    faults: ["pause", "isolation"],
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
    faults: ["cut", "election"],
  },
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
    breaks: "I1r",
    faults: ["slow write"],
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
    breaks: "I2/I3",
    faults: ["unknown, lands", "cut", "unavailable"],
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
    faults: ["server restart", "cut"],
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
    faults: ["server restart", "cut"],
  },
  {
    name: "a write is not told to the memory of its own process",
    rule: 11,
    edits: [{ file: "engine/run-write.ts", text: "      onTouched(touches); //", becomes: "      //" }],
    breaks: "own",
    faults: ["delay"],
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
    faults: ["wall clock set back"],
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
    faults: ["views in a circle"],
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
    breaks: "TTL",
    faults: [],
  },
  {
    name: "an evicted view goes on holding its dependencies",
    rule: 7,
    edits: [{ file: "engine/entries.ts", text: "      released(held.copy);\n", becomes: "" }],
    breaks: "L1",
    faults: ["re-creation"],
  },
  {
    name: "an entry ends by the monotonic clock only",
    rule: 12,
    edits: [{ file: "engine/entries.ts", text: " || now.wallMs >= held.expiresAtWallMs", becomes: "" }],
    breaks: "TTL",
    faults: ["sleep"],
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
    breaks: "TTL",
    faults: [],
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
    faults: ["slow read"],
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
    faults: ["delay"],
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
    faults: ["delay"],
  },
  {
    name: "an answer is as old as its load, whatever it read from memory",
    rule: 9,
    edits: [{ file: "engine/read-view.ts", text: "      asOf = earlier(asOf, obtained.asOf);\n", becomes: "" }],
    breaks: "age",
    faults: ["cut", "isolation"],
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
    faults: ["server restart", "isolation"],
  },
  {
    name: "a close leaves the follower's timer",
    rule: 12,
    edits: [{ file: "engine/follower.ts", text: "      advanceTimer?.cancel();\n", becomes: "" }],
    breaks: "closed",
    faults: [],
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
    faults: [],
  },
  {
    name: "a log that keeps messages for long is taken for one that does not",
    rule: 5,
    edits: [
      { file: "engine/check-assumptions.ts", text: "if (keptMs >= neededMs)", becomes: "if (keptMs < neededMs)" },
    ],
    breaks: "assumption",
    faults: [],
  },
  {
    name: "the next message after one's own is taken for a sign that the log went back",
    rule: 10,
    edits: [
      { file: "witness.ts", text: "at.sequence <= before.sequence;", becomes: "at.sequence <= before.sequence + 1;" },
    ],
    breaks: "false alarm",
    faults: [],
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
    faults: ["delay", "slow write"],
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
    breaks: "I1r",
    faults: ["drop", "delay"],
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
    faults: [],
  },
];
