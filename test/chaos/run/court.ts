import { createTally, type Tally } from "../clients/tally.ts";
import type { Rules } from "../judge/allowed.ts";
import type { Findings } from "../judge/findings.ts";
import { createHistory, type History, type Value } from "../judge/history.ts";
import { createJudge, type Judge } from "../judge/judge.ts";
import { createPositions, type Positions } from "../judge/positions.ts";

/** What is known of a run: what was written, what was answered, and what was wrong with it. */
export interface Court {
  /** Milliseconds since it began. */
  readonly now: () => number;
  readonly history: History;
  readonly positions: Positions;
  readonly findings: Findings;
  readonly tally: Tally;
  readonly judge: Judge;
  readonly rules: Rules;
}

export interface CourtOptions {
  readonly initial: ReadonlyMap<string, Value>;
  readonly rules: Rules;
  readonly findings: Findings;
}

export function openCourt({ initial, rules, findings }: CourtOptions): Court {
  const beganAtMs = performance.now();
  const now = (): number => performance.now() - beganAtMs;
  const history = createHistory(initial, now);
  const positions = createPositions();
  const judge = createJudge({ history, positions, findings, rules });
  return { now, history, positions, findings, tally: createTally(now), judge, rules };
}
