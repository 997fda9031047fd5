import { played, recorded, seeded, type Tape } from "./chance.ts";
import type { Engine } from "./engine.ts";
import { checkOf } from "./find.ts";
import { shrink } from "./shrink.ts";
import { type Outcome, type SimulateOptions, simulate } from "./simulate.ts";

/** A schedule that fails, made short. */
export interface Shrunk {
  /** How many choices are not dull, before and after. */
  readonly before: number;
  readonly choices: number;
  readonly outcome: Outcome;
}

/** Makes the schedule of a failing seed shorter and duller, as long as the same invariant breaks, and plays it with its trace. */
export async function shrinkSeed(
  engine: Engine,
  seed: number,
  maxTries: number,
  options: SimulateOptions = {},
): Promise<Shrunk | undefined> {
  const tape = new Map<string, number[]>();
  const { violation } = await simulate(engine, recorded(seeded(seed), tape), options);
  if (violation === undefined) return undefined;
  const fails = async (candidate: Tape): Promise<boolean> => {
    const shorter = await simulate(engine, played(candidate), options);
    return shorter.violation !== undefined && checkOf(shorter.violation) === checkOf(violation);
  };
  const short = await shrink(tape, fails, maxTries);
  const outcome = await simulate(engine, played(short), { ...options, isTraced: true });
  return { choices: choicesIn(short), before: choicesIn(tape), outcome };
}

/** Those that are not dull. */
function choicesIn(tape: Tape): number {
  let choices = 0;
  for (const track of tape.values()) choices += track.filter((choice) => choice !== 0).length;
  return choices;
}
