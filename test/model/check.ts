import { Print } from "./print.ts";
import { Seen } from "./seen.ts";

/**
 * An explicit-state model checker. It goes breadth first, so the first counterexample is a shortest one.
 *
 * States are remembered by a fingerprint of 64 bits, as TLC does: `collisionChance` says how likely it is that two different states were
 * taken for one.
 */
export interface Model<S, T extends Step = Step> {
  init(): S;
  /** What can happen next. */
  steps(state: S): readonly T[];
  /** The state after a step. The one before stays as it is; what the step does not change, both may share. */
  after(state: S, step: T): S;
  /** Two states with the same print have the same future. */
  print(state: S, print: Print): void;
  /** The invariant that this state breaks, and how. */
  violation(state: S): string | undefined;
  /** How often everything had come to rest, so that what holds then was put to the test. */
  rests(): number;
}

export interface Step {
  readonly label: string;
}

export interface Result {
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  readonly ms: number;
  /** True if the limit ended the search before the last state was seen. */
  readonly capped: boolean;
  readonly violation: string | undefined;
  /** The schedule that leads to the violation. */
  readonly schedule: readonly string[];
  readonly collisionChance: number;
  readonly rests: number;
}

export interface Limits {
  readonly maxStates?: number;
}

export function check<S, T extends Step>(model: Model<S, T>, { maxStates = 100_000_000 }: Limits = {}): Result {
  const startedAt = performance.now();
  const seen = new Seen();
  const print = new Print();
  let steps = 0;
  let depth = 0;

  const add = (state: S, from: number, label: string): number | undefined => {
    model.print(state, print.clear());
    return seen.add(print, { from, label });
  };
  const result = (violation?: string, at = 0, capped = false): Result => ({
    states: seen.size,
    steps,
    depth,
    ms: Math.round(performance.now() - startedAt),
    capped,
    violation,
    schedule: violation === undefined ? [] : seen.scheduleTo(at),
    collisionChance: seen.size ** 2 / 2 ** 65,
    rests: model.rests(),
  });

  const first = model.init();
  add(first, -1, "");
  let frontier: { readonly state: S; readonly at: number }[] = [{ state: first, at: 0 }];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    // From the end, so that each state is let go of as soon as its steps are taken.
    for (let here = frontier.pop(); here !== undefined; here = frontier.pop()) {
      for (const step of model.steps(here.state)) {
        const state = model.after(here.state, step);
        steps++;
        const at = add(state, here.at, step.label);
        if (at === undefined) continue;
        const violation = model.violation(state);
        if (violation !== undefined) return result(violation, at);
        next.push({ state, at });
      }
      if (seen.size > maxStates) return result(undefined, 0, true);
    }
    frontier = next;
    if (next.length > 0) depth++;
  }
  return result();
}

/** A result in one line, and its schedule under it if it found one. */
export function describeResult(name: string, result: Result): string {
  const { states, depth, ms, violation, capped, schedule } = result;
  const found = violation ?? (capped ? "no violation found; NOT explored to the end" : "holds");
  const rate = ms > 0 ? ` (${Math.round(states / ms)}k/s)` : "";
  const line = `${name.padEnd(62)} ${found}; ${states} states, depth ${depth}, ${ms} ms${rate}`;
  return [line, ...schedule.map((label, i) => `    ${String(i + 1).padStart(2)}. ${label}`)].join("\n");
}
