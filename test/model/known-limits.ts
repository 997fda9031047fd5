import { type Explored, pulse, strong } from "./mutant-scenarios.ts";

/** What the protocol does not promise. That the checker finds it keeps SPEC.md honest. */
export const KNOWN_LIMITS: readonly Explored[] = [
  {
    name: "log rolled back, and only a process that is silent knew what it lost",
    breaks: "I5",
    currency: pulse(["rolled-back", "other-publisher"]),
  },
  {
    name: "log rolled back, and all that took its place lost on the way to a frontend that stays connected",
    breaks: "I5",
    currency: pulse(["rolled-back-quietly", "lost-record"], { maxLost: 2 }),
  },
  {
    name: "log rolled back, and a tick that its sender had given up took the place of what it lost",
    breaks: "I5",
    currency: pulse(["rolled-back", "lost-ack"], { invalidations: 1, probes: 2 }),
  },
  {
    name: "a conditional write left undecided, and a frontend that was started once its fence had ended",
    breaks: "I3",
    coherence: strong(["undecided", "crash", "restart"], { writes: [{ keys: ["k1"], conditional: true }] }),
  },
  {
    name: "a conditional write left undecided, and a frontend that lost its fence in a gap that nobody can fill",
    breaks: "I3",
    coherence: strong(["undecided", "crash", "lost-log", "tick"], { writes: [{ keys: ["k1"], conditional: true }] }),
  },
];
