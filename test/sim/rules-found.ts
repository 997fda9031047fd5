import { type EngineMutant, ONE_KEY, RARE, USER, VIEWS } from "./engine-mutant.ts";

type RuleFound = Pick<EngineMutant, "name" | "breaks" | "among">;

/** Rules of the protocol that the model checker does without (`test/model/mutants/*.ts`), and among what the simulator must miss them, too. */
export const RULES_FOUND: readonly RuleFound[] = [
  { name: "keys messages do not touch", breaks: "I1r", among: { faults: [] } },
  { name: "no fence", breaks: "I2/I3|I3|audit", among: { faults: ["unknown, lands"], habits: RARE } },
  { name: "the as-of of a value is when it came, not when its load began", breaks: "I1r", among: { faults: [] } },
  { name: "readers join loads that were touched", breaks: "I1r", among: { faults: ["slow read"], habits: VIEWS } },
  { name: "those who joined take whatever lands", breaks: "I1r", among: { faults: ["slow read"], habits: VIEWS } },
  {
    name: "the end of a window does not touch",
    breaks: "I2/I3|I3|audit",
    among: { faults: ["unknown, lands"], habits: RARE },
  },
  {
    name: "a flush does not touch",
    breaks: "I1r",
    among: { faults: ["isolation"], habits: USER, limits: { settings: { maxFill: 5 } } },
  },
  {
    name: "no settle window after keys (weak)",
    breaks: "I1r",
    among: { faults: ["lagging replica"], habits: USER, isWeak: true },
  },
  {
    name: "loads in a window are not strong (weak)",
    breaks: "I1r",
    among: { faults: ["lagging replica"], habits: USER, isWeak: true },
  },
  {
    name: "a touch of unknown outcome closes the fence",
    breaks: "I2/I3|I3|audit",
    among: { faults: ["unknown, lands"], habits: RARE },
  },
  {
    name: "after a timeout the writer publishes keys, which close the fence",
    breaks: "I2/I3|I3|audit",
    among: { faults: ["unknown, lands"], habits: RARE },
  },
  {
    name: "keys that could not be acknowledged are not published again, with no end of a window to hide it",
    breaks: "rule 11",
    among: { faults: ["cut", "server restart"] },
  },
  {
    name: "a bypass is joined though something was touched since it began",
    breaks: "I1r",
    among: { faults: ["election", "slow read"], habits: ONE_KEY },
  },
  { name: "a view's dependencies are noted after it read them", breaks: "I1r", among: { faults: [], habits: VIEWS } },
  { name: "a view adopts what a dying view read", breaks: "I1r", among: { faults: ["slow read"], habits: VIEWS } },
  {
    name: "a view of a view does not adopt its tables",
    breaks: "I1r",
    among: { faults: [], habits: { ...VIEWS, writes: ["rename", "truncate"] } },
  },
  {
    name: "messages of another key spec are understood by their keys only",
    breaks: "I1r",
    among: { faults: [], habits: USER },
  },
  { name: "nothing is ever servable", breaks: "L1", among: { faults: [] } },
  { name: "a gap is not noticed", breaks: "I1r|I6", among: { faults: ["drop"], habits: USER } },
  {
    name: "the resume rule does not compare our own record",
    breaks: "I5",
    among: { faults: ["rewind"], habits: USER },
  },
  {
    name: "the witness does not say that the log went back",
    breaks: "I5",
    among: { faults: ["rewind"], habits: USER },
  },
  {
    name: "windows without room are forgotten",
    breaks: "I2/I3|I3|audit",
    among: {
      faults: ["unknown, lands"],
      habits: { ...RARE, writeRarity: 2 },
      limits: { settings: { maxWindows: 2 } },
    },
  },
  {
    name: "orphans are not remembered",
    breaks: "I2/I3|I3|audit",
    among: { faults: ["unknown, minority", "no read repair"], habits: RARE },
  },
  {
    name: "the age of a window is that of the wall clock",
    breaks: "I2/I3|I3|audit",
    among: { faults: ["wall clock set forward", "unknown, lands"], habits: RARE },
  },
  { name: "a proof never ends", breaks: "I4|age", among: { faults: ["isolation"], habits: USER } },
  {
    name: "the age of a proof is that of the monotonic clock",
    breaks: "I4|age",
    among: { faults: ["sleep"], habits: USER },
  },
  {
    name: "the age of a proof is that of the wall clock",
    breaks: "I4|age",
    among: { faults: ["wall clock set back", "isolation"], habits: USER },
  },
  {
    name: "a view that passes the bound on dependencies is stored",
    breaks: "I1r|dependencies",
    among: { faults: [], habits: VIEWS, limits: { settings: { maxDependencies: 8 } } },
  },
];
